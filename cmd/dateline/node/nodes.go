package node

import (
	"context"
	"sync"
	"time"

	"dateline/store"
	"dateline/store/shared"
)

// ClusterStatus is how the nodes are that share a PostgreSQL, as `status --json` prints it.
type ClusterStatus struct {
	Node     string       `json:"node"`              // that says so
	State    ClusterState `json:"state"`             // of PostgreSQL, as this node sees it
	Position uint64       `json:"position"`          // of the newest writes in the shared log
	Lag      uint64       `json:"lag"`               // how many of them this node has not
	Config   uint64       `json:"config"`            // revision of the config that this node goes by; 0: none was pushed
	LogBytes int64        `json:"log_bytes"`         // of the shared log in PostgreSQL, with its indexes
	Turns    uint64       `json:"turns"`             // at the log that this node asked for since it began
	TurnWait float64      `json:"turn_wait_seconds"` // that it waited for them in all
	Nodes    []NodeStatus `json:"nodes"`             // heard of within ten minutes, by id; none while PostgreSQL is away
}

// NodeStatus is how one of the nodes is, as it said last, which is up to five seconds ago.
type NodeStatus struct {
	ID       string   `json:"id"`
	Admin    string   `json:"admin"`    // address of its admin listener; empty: it has none
	Format   int      `json:"format"`   // newest format of writes that it can read
	Position uint64   `json:"position"` // of the newest writes that it has
	Lag      uint64   `json:"lag"`      // how many it has not
	LastSeen Moment   `json:"last_seen"`
	Duties   []string `json:"duties"` // that it has for all nodes
}

// ClusterState is one word for the PostgreSQL of nodes.
type ClusterState string

// The states of the PostgreSQL of nodes.
const (
	ClusterOK   ClusterState = "ok"
	ClusterAway ClusterState = "away" // what is stored is served, polls wait
)

// Message says what a state means for the operator; empty: all is well.
func (s ClusterState) Message() string {
	if s == ClusterAway {
		return "PostgreSQL cannot be reached: what is stored is served, polls wait"
	}
	return ""
}

// aliveFor is how long after it was heard of a node counts as alive. It says that it is every five seconds.
const aliveFor = 30 * time.Second

// Alive returns how many nodes were heard of within half a minute.
func (s *ClusterStatus) Alive() (n int) {
	for _, one := range s.Nodes {
		if time.Since(time.Time(one.LastSeen)) < aliveFor {
			n++
		}
	}
	return n
}

// How long PostgreSQL may take to say how the nodes are, and how long that is kept: many may ask at once.
const (
	clusterLimit = 2 * time.Second
	clusterKept  = time.Second
)

// lastState is what PostgreSQL said last of the nodes.
type lastState struct {
	mu    sync.Mutex
	at    time.Time // zero: it was not asked
	state shared.State
	err   error
}

// get returns what PostgreSQL says, at most a second ago.
func (l *lastState) get(ctx context.Context, from *shared.Cluster) (shared.State, time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at.IsZero() || time.Since(l.at) > clusterKept {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clusterLimit) // others wait for the same answer
		defer cancel()
		l.state, l.err = from.State(ctx)
		l.at = time.Now()
	}
	return l.state, l.at, l.err
}

// ClusterStatus returns how the nodes are, nil where this one is alone. The error is that of the store.
func (n *Node) ClusterStatus(ctx context.Context) (*ClusterStatus, error) {
	if n.cluster == nil {
		return nil, nil
	}
	var own uint64
	if err := n.View(func(v store.View) error {
		own = v.Seq()
		return nil
	}); err != nil {
		return nil, err
	}
	s := &ClusterStatus{Node: n.cluster.shared.Node(), State: ClusterOK, Config: n.ConfigRev, Nodes: []NodeStatus{}}
	turns, waited := n.cluster.peer.Turns()
	s.Turns, s.TurnWait = turns, waited.Seconds()
	state, at, err := n.cluster.last.get(ctx, n.cluster.shared)
	if err != nil {
		s.State, s.Position = ClusterAway, own
		return s, nil
	}
	s.Position, s.LogBytes = max(state.Seq, own), state.LogSize
	s.Lag = s.Position - own
	duties := map[string][]string{}
	for _, d := range state.Duties {
		if d.Left > 0 {
			duties[d.Owner] = append(duties[d.Owner], d.Name)
		}
	}
	for _, one := range state.Nodes {
		if one.ID == s.Node {
			one.Seq = own
		}
		s.Nodes = append(s.Nodes, NodeStatus{ID: one.ID, Admin: one.Addr, Format: one.Format, Position: one.Seq,
			Lag: s.Position - min(one.Seq, s.Position), LastSeen: Moment(at.Add(-one.Ago)), Duties: append([]string{}, duties[one.ID]...)})
	}
	return s, nil
}
