-- What nodes share. Applied at every start, under a lock, in the schema of the connection's search path; it changes nothing that is there.

-- The turn: who has this row locked may append to the log.
create table if not exists head (
	one     bool primary key default true check (one),
	seq     bigint not null,      -- of the newest writes
	schema  int not null,         -- version of these tables
	feed_id text not null,        -- of the feed whose log it is; empty: it has not begun
	created timestamptz not null default now()
) with (fillfactor = 10);
insert into head (seq, schema, feed_id) values (0, 1, '') on conflict do nothing;

-- The groups of writes, a row each, in partitions by day.
create table if not exists log (
	seq    bigint not null,       -- of the last writes in it
	at     timestamptz not null default now(),
	node   text not null,         -- that appended it
	format int not null,          -- of the writes
	items  bigint not null,       -- the highest number of an item after it
	sum    bigint not null,       -- of body
	body   bytea not null,        -- zstd
	primary key (seq, at)
) partition by range (at);
alter table log alter body set storage external;

-- Leases of hosts, and the politeness that all nodes owe them together.
create table if not exists host (
	name         text primary key,                             -- host:port
	due          timestamptz not null default 'infinity',      -- not leased before
	epoch        bigint not null default 0,                    -- of the newest lease
	owner        text not null default '',                     -- node that has the lease; empty: it was given back
	until        timestamptz not null default '-infinity',     -- end of the lease
	paused_until timestamptz not null default '-infinity',     -- Retry-After
	gap_until    timestamptz not null default '-infinity'      -- after the last request
) with (fillfactor = 70);
create index if not exists host_due on host (due);

-- The states of sources.
create table if not exists source (
	id      text primary key,
	host    text not null,                                     -- at which it is polled
	due     timestamptz not null default 'infinity',           -- infinity: it is not polled
	state   bytea,                                             -- null: never visited
	changed xid8 not null default pg_current_xact_id(),        -- transaction that changed state
	rev     bigint not null default 0                          -- how often state was changed
) with (fillfactor = 60);
alter table source add column if not exists rev bigint not null default 0;
drop index if exists source_host, source_changed;
create index if not exists source_by_host on source (host);    -- of what does not change: a visit changes no index

-- Texts that were erased and are in the log still.
create table if not exists erasure (
	seq     bigint primary key,   -- of the writes that erased them
	items   bytea[] not null      -- keys
);

-- What one node does for all.
create table if not exists duty (
	name  text primary key,
	owner text not null,
	epoch bigint not null,
	until timestamptz not null
);

-- What a node shows another to be given a copy of its file: who can write here is a node.
create table if not exists ticket (
	name  text primary key,       -- random
	until timestamptz not null
);

-- Events of which one node notifies the operator for all.
create table if not exists event (
	number  bigint generated always as identity primary key, -- in the order of commits
	at      timestamptz not null default now(),
	id      bytea not null unique,                           -- of what it says
	source  text not null,                                   -- that came to a state; empty: it is about something else
	state   text not null,
	sent    bool not null default false,                     -- to all that were to have it
	had     text[] not null default '{}',                    -- digests of those that had it, while others had not
	body    bytea not null                                   -- JSON
);

create table if not exists node (
	id      text primary key,
	addr    text not null,        -- of its admin listener
	seq     bigint not null,      -- of the newest writes that it has
	version int not null,         -- of the writes that it can read
	seen    timestamptz not null
);

-- as_known fails unless the states that are replaced are those that the node knows.
create or replace function as_known(yes bool) returns bool language plpgsql as $$
begin
	if not yes then
		raise exception 'another node has changed a state' using errcode = 'DL002';
	end if;
	return true;
end $$;

-- fence fails unless a node has the leases of hosts in these epochs, and keeps them so until the transaction ends.
create or replace function fence(node text, hosts text[], epochs bigint[]) returns void language plpgsql as $$
declare
	kept int;
begin
	select count(*) into kept from (
		select 1 from host h join unnest(hosts, epochs) as l(name, epoch) on h.name = l.name and h.epoch = l.epoch and h.owner = node
		order by h.name for update of h) as k;
	if kept <> cardinality(hosts) then
		raise exception 'a lease has ended' using errcode = 'DL001';
	end if;
end $$;

-- first_due returns of each host the source that is due longest. It is volatile: it sees what was committed before the hosts were leased,
-- though the statement that leases them began before.
create or replace function first_due(hosts text[]) returns table (host text, id text, due timestamptz, state bytea, rev bigint)
language plpgsql volatile rows 24 as $$
#variable_conflict use_column
begin
	return query select h.name, s.id, s.due, s.state, s.rev from unnest(hosts) as h(name) cross join lateral (
		select id, due, state, rev from source where host = h.name and due <= now() order by due limit 1) s;
end $$;
