package aggregator_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// habits are the ways of publishers: each takes what a well-made feed would answer and changes it.
var habits = map[string]func(a feedtest.Asked, r *feedtest.Reply){
	"plain":         func(feedtest.Asked, *feedtest.Reply) {},
	"etag alone":    func(_ feedtest.Asked, r *feedtest.Reply) { r.LastModified = "" },
	"last-modified": func(_ feedtest.Asked, r *feedtest.Reply) { r.ETag = "" },
	"no validators": func(_ feedtest.Asked, r *feedtest.Reply) { r.ETag, r.LastModified = "", "" },
	"weak":          func(_ feedtest.Asked, r *feedtest.Reply) { r.ETag = "W/" + r.ETag },
	"unquoted":      func(_ feedtest.Asked, r *feedtest.Reply) { r.ETag = r.ETag[1 : len(r.ETag)-1] },
	"half quoted":   func(_ feedtest.Asked, r *feedtest.Reply) { r.ETag = r.ETag[:len(r.ETag)-1] },
	"quotes inside": func(_ feedtest.Asked, r *feedtest.Reply) { r.ETag = `"a"` + r.ETag + ` , "b"` },
	"odd date":      func(_ feedtest.Asked, r *feedtest.Reply) { r.LastModified = "Mon 23 Nov 2026, " + r.ETag },
	"silent 304":    func(_ feedtest.Asked, r *feedtest.Reply) { r.Bare304 = true },
	"touched": func(a feedtest.Asked, r *feedtest.Reply) {
		r.ETag, r.LastModified = "", feedtest.HTTPDate(a.At.Truncate(5*hour))
	},
	"touched, etag kept": func(a feedtest.Asked, r *feedtest.Reply) {
		r.ETag, r.LastModified = `"kept"`, feedtest.HTTPDate(a.At.Truncate(5*hour))
	},
	"new etag, same text": func(a feedtest.Asked, r *feedtest.Reply) {
		r.ETag, r.LastModified = fmt.Sprintf(`"deployed-%d"`, a.At.Truncate(7*hour).Unix()), feedtest.HTTPDate(noon)
		r.Document.Posts = edition(noon, hour).Document.Posts[:1]
	},
	"rarely changes": func(a feedtest.Asked, r *feedtest.Reply) { *r = edition(a.At, 9*day) },
	"drops its etag at times": func(a feedtest.Asked, r *feedtest.Reply) {
		if within(a.At, 6*hour, 3*hour) {
			r.ETag = ""
		}
	},
	"drops both at times": func(a feedtest.Asked, r *feedtest.Reply) {
		if within(a.At, 9*hour, 3*hour) {
			r.ETag, r.LastModified = "", ""
		}
	},
	"max-age":                        func(_ feedtest.Asked, r *feedtest.Reply) { header(r, "Cache-Control", "max-age=5400") },
	"max-age of twenty-five minutes": func(_ feedtest.Asked, r *feedtest.Reply) { header(r, "Cache-Control", "max-age=1500") },
	"max-age less age":               func(_ feedtest.Asked, r *feedtest.Reply) { header(r, "Cache-Control", "max-age=7200", "Age", "1234") },
	"max-age of two days": func(_ feedtest.Asked, r *feedtest.Reply) {
		header(r, "Cache-Control", "max-age=172800")
	},
	"expires": func(a feedtest.Asked, r *feedtest.Reply) {
		header(r, "Expires", feedtest.HTTPDate(a.At.Add(100*time.Minute)))
	},
	"ttl":         func(_ feedtest.Asked, r *feedtest.Reply) { r.Document.TTL = 2 * hour },
	"skips hours": func(_ feedtest.Asked, r *feedtest.Reply) { r.Document.SkipHours = []int{0, 1, 2, 3, 13, 22, 23} },
	"skips days": func(_ feedtest.Asked, r *feedtest.Reply) {
		r.Document.SkipDays, r.Document.SkipHours = []time.Weekday{time.Saturday, time.Sunday}, []int{5, 12}
	},
	"ttl and fails": func(a feedtest.Asked, r *feedtest.Reply) {
		r.Document.TTL, r.Document.SkipHours = 90*time.Minute, []int{4, 16}
		fail(a, r, 8*hour, 2*hour, http.StatusInternalServerError)
	},
	"max-age and fails": func(a feedtest.Asked, r *feedtest.Reply) {
		header(r, "Cache-Control", "max-age=10800")
		if a.N%3 == 2 {
			*r = feedtest.Reply{Status: http.StatusBadGateway}
		}
	},
	"503, bare":    func(a feedtest.Asked, r *feedtest.Reply) { fail(a, r, 11*hour, 3*hour, http.StatusServiceUnavailable) },
	"503, seconds": func(a feedtest.Asked, r *feedtest.Reply) { later(a, r, http.StatusServiceUnavailable, "4321") },
	"503, date":    func(a feedtest.Asked, r *feedtest.Reply) { later(a, r, http.StatusServiceUnavailable, "") },
	"503, in skip hour": func(a feedtest.Asked, r *feedtest.Reply) {
		r.Document.SkipHours = []int{7, 15}
		later(a, r, 503, "3600")
	},
	"429, bare":     func(a feedtest.Asked, r *feedtest.Reply) { fail(a, r, 13*hour, 2*hour, http.StatusTooManyRequests) },
	"429, seconds":  func(a feedtest.Asked, r *feedtest.Reply) { later(a, r, http.StatusTooManyRequests, "5000") },
	"429, date":     func(a feedtest.Asked, r *feedtest.Reply) { later(a, r, http.StatusTooManyRequests, "") },
	"503 after 429": func(a feedtest.Asked, r *feedtest.Reply) { later(a, r, []int{429, 503}[a.N/4%2], "2000") },
	"500":           func(a feedtest.Asked, r *feedtest.Reply) { fail(a, r, 20*hour, 9*hour, http.StatusInternalServerError) },
	"403":           func(a feedtest.Asked, r *feedtest.Reply) { fail(a, r, 4*day, 1*day, http.StatusForbidden) },
	"a page instead": func(a feedtest.Asked, r *feedtest.Reply) {
		if within(a.At, 15*hour, 2*hour) { // with validators of its own, which vouch for nothing
			r.ETag, r.LastModified, r.Body = `"page"`, feedtest.HTTPDate(a.At), "<!doctype html><title>Back soon</title><p>We are back soon."
		}
	},
	"breaks off": func(a feedtest.Asked, r *feedtest.Reply) {
		r.Cut = a.N%5 == 3
		r.ETag, r.LastModified = fmt.Sprintf(`"%d"`, a.N), ""
	},
	"slow":        func(_ feedtest.Asked, r *feedtest.Reply) { r.Takes = 40 * time.Second },
	"hangs":       func(a feedtest.Asked, r *feedtest.Reply) { r.Takes = time.Duration(a.N%7) * 15 * time.Second },
	"gone":        func(a feedtest.Asked, r *feedtest.Reply) { gone(a, r, 10*day, 100*day) },
	"gone, comes": func(a feedtest.Asked, r *feedtest.Reply) { gone(a, r, 5*day, 12*day) },
}

// within reports whether t lies in the first part of its period.
func within(t time.Time, period, part time.Duration) bool {
	return t.Sub(noon)%period < part && t.After(noon.Add(period))
}

func header(r *feedtest.Reply, fields ...string) {
	r.Header = http.Header{}
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
}

func fail(a feedtest.Asked, r *feedtest.Reply, period, part time.Duration, status int) {
	if within(a.At, period, part) {
		*r = feedtest.Reply{Status: status, Takes: r.Takes}
	}
}

// later answers every fourth request with a status and Retry-After: seconds, or a date for none.
func later(a feedtest.Asked, r *feedtest.Reply, status int, seconds string) {
	if a.N%4 != 3 {
		return
	}
	if seconds == "" {
		seconds = feedtest.HTTPDate(a.At.Add(77 * time.Minute))
	}
	*r = feedtest.Reply{Status: status, Takes: r.Takes}
	header(r, "Retry-After", seconds)
}

func gone(a feedtest.Asked, r *feedtest.Reply, from, to time.Duration) {
	if a.At.After(noon.Add(from)) && a.At.Before(noon.Add(to)) {
		*r = feedtest.Reply{Status: http.StatusGone}
	}
}

// world is one feed of each habit, a plain neighbour at the host of each that slows readers down, and redirects.
func world() (feeds []feedtest.Feed, sources []news.Source) {
	everies := []time.Duration{15 * time.Minute, 10 * time.Minute, hour, 30 * time.Minute, 25 * time.Minute}
	add := func(id, name, url string, reply func(feedtest.Asked) feedtest.Reply) {
		every := everies[len(feeds)%len(everies)]
		feeds = append(feeds, feedtest.Feed{Name: name, URL: url, Every: every, Reply: reply})
		if id != "" {
			sources = append(sources, source(id, url, every))
		}
	}
	for i, name := range slices.Sorted(maps.Keys(habits)) {
		interval := time.Duration(1+i%7) * 97 * time.Minute
		host := fmt.Sprintf("http://host%d.example/", i)
		add(fmt.Sprintf("s%d", i), name, host+"feed", func(a feedtest.Asked) feedtest.Reply {
			r := edition(a.At, interval)
			habits[name](a, &r)
			return r
		})
		if strings.Contains(name, "429") || strings.Contains(name, "503") {
			add(fmt.Sprintf("n%d", i), "beside "+name, host+"other", func(a feedtest.Asked) feedtest.Reply { return edition(a.At, 3*interval) })
		}
	}
	plain := func(a feedtest.Asked) feedtest.Reply { return edition(a.At, 4*hour) }
	for _, status := range []int{301, 302, 307, 308} {
		to := fmt.Sprintf("http://new%d.example/feed", status)
		add("", fmt.Sprintf("%d leads here", status), to, plain)
		from := fmt.Sprintf("http://old%d.example/feed", status)
		target := &feeds[len(feeds)-1]
		target.From, target.Every = from, everies[len(feeds)%len(everies)]
		add(fmt.Sprintf("r%d", status), fmt.Sprint(status), from, func(a feedtest.Asked) feedtest.Reply {
			r := feedtest.Reply{Status: status}
			if a.At.Before(noon.Add(5 * day)) { // then it moves
				return plain(a)
			}
			header(&r, "Location", to)
			return r
		})
	}
	return feeds, sources
}

// politely plays hours of a daemon's life before a publisher that keeps books on it, and returns the books: every fault is an error.
func politely(t *testing.T, pages bool, hours int) (report feedtest.Report) {
	t.Helper()
	play(t, func(t *testing.T) {
		feeds, sources := world()
		for i := range sources {
			sources[i].Pages = pages
		}
		p := feedtest.NewPublisher(feeds...)
		p.Gap = time.Second
		live(newOperator(t, p, sources...), hours)
		report = p.Report()
		t.Logf("\n%s", report)
		for _, why := range report.Sum().Why {
			t.Error(why)
		}
	})
	return report
}

// TestPolite plays thirty hours, thirty days in the whole form.
func TestPolite(t *testing.T) {
	t.Parallel()
	hours := scale(8, 30, 30*24)
	report := politely(t, false, hours)
	if sum := report.Sum(); sum.Requests < hours*25 || sum.NotModified < sum.Requests/2 {
		t.Errorf("%d requests, %d answered 304: the daemon hardly lived", sum.Requests, sum.NotModified)
	}
	for _, row := range report {
		if row.Requests < 5 && feedtest.Long() { // some redirects come late in the month
			t.Errorf("%s: asked %d times", row.Name, row.Requests)
		}
	}
}

// TestPolitePages is TestPolite with articles' pages read of every source: the same columns, and those of pages.
func TestPolitePages(t *testing.T) {
	t.Parallel()
	report := politely(t, true, scale(4, 16, 30*24))
	if pages := report[len(report)-1]; pages.Requests < 100 {
		t.Errorf("%d requests for pages", pages.Requests)
	}
}

// live plays hours of a daemon: restarts, reloads, passes beside it and without it, an impatient operator.
func live(o *operator, hours int) {
	rng := rand.New(rand.NewPCG(7, 11))
	all := o.sources
	o.start()
	for h := range hours {
		time.Sleep(time.Duration(rng.Int64N(int64(hour))))
		switch rng.IntN(40) {
		case 0:
			o.restart(time.Duration(rng.Int64N(int64(10 * time.Second))))
		case 1:
			o.restart(time.Duration(rng.Int64N(int64(5 * hour))))
		case 2, 3:
			o.apply(o.sources...)
		case 4, 5:
			for range 5 {
				o.setEvery(o.sources[rng.IntN(len(o.sources))].ID, time.Duration(5+rng.IntN(60))*time.Minute)
			}
		case 6: // one source is taken out for a while, another one rests
			was := o.sources
			out, rests := rng.IntN(len(was)), rng.IntN(len(was)-1)
			fewer := slices.Delete(slices.Clone(was), out, out+1)
			fewer[rests].Enabled = false
			o.apply(fewer...)
			time.Sleep(time.Duration(rng.Int64N(int64(3 * hour))))
			o.apply(was...)
		case 7:
			o.press(0)
		case 8: // the operator loses patience
			o.press(time.Duration(rng.Int64N(int64(time.Second))))
		case 9:
			o.press(0, all[rng.IntN(len(all))].ID)
		case 10, 11, 12, 13, 14, 15, 16:
			o.ingest()
		}
		if h == hours*2/3 { // cron alone, in the whole form for a day
			o.end()
			for range scale(12, 48, 288) {
				o.open()
				o.ingest()
				o.close()
				time.Sleep(5 * time.Minute)
			}
			o.start()
		}
	}
	o.end()
}
