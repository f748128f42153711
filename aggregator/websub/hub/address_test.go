package hub

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/websub"
)

// allowKey is the key under which a context has the function that the hub has addresses pass.
type allowKey struct{}

// resolved is a network on which every name below a domain leads to one address.
type resolved struct {
	net     *feedtest.Network
	address map[string]string // by domain
}

func (n resolved) RoundTrip(r *http.Request) (*http.Response, error) {
	_, domain, _ := strings.Cut(r.URL.Hostname(), ".")
	allow, asked := r.Context().Value(allowKey{}).(func(netip.Addr) error)
	if at := n.address[domain]; at != "" && asked {
		if err := allow(netip.MustParseAddr(at)); err != nil {
			return nil, err
		}
	}
	return n.net.RoundTrip(r)
}

// atOneAddress has the names a.one.example, a.two.example and so on lead to one network, of these addresses.
func (r *rig) atOneAddress(addresses ...string) {
	r.t.Helper()
	n := resolved{r.net, map[string]string{}}
	for i, at := range addresses {
		n.address[fmt.Sprintf("s%d.example", i)] = at
		r.net.Set(fmt.Sprintf("a.s%d.example", i), r.reader)
	}
	client, err := fetch.New(fetch.Options{Transport: n})
	if err != nil {
		r.t.Fatal(err)
	}
	r.setup = Setup{Base: base, Reachable: client.Reachable,
		Peer: websub.Peer{Client: client.HTTP(), Host: fetch.Host, RetryAfter: fetch.RetryAfter},
		WithDial: func(ctx context.Context, allow func(netip.Addr) error) context.Context {
			return context.WithValue(ctx, allowKey{}, allow)
		}}
	r.start()
}

// TestOneAddressOneRequest: however many names lead to an address, or to a network of 64 bits, one request at a time goes there, for
// verification and for delivery, and all are made.
func TestOneAddressOneRequest(t *testing.T) {
	for _, c := range []struct {
		fact      string
		addresses []string
		together  int
	}{
		{"one address", []string{"192.0.2.1", "192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1"}, 1},
		{"one network", []string{"2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4"}, 1},
		{"others", []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::4"}, 4},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.atOneAddress(c.addresses...)
				r.reader.Behave(feedtest.CallbackBehaviour{Delay: 5 * time.Second})
				for i := range c.addresses {
					r.request("subscribe", fmt.Sprintf("https://a.s%d.example/c%d", i, i))
				}
				after(time.Minute)
				feedtest.Same(t, "verified", r.hub.Stats().Requests["verified"], uint64(len(c.addresses)))
				r.change(2)
				after(time.Minute)
				feedtest.Same(t, "deliveries", len(r.reader.Deliveries()), len(c.addresses))
				feedtest.Same(t, "failed", r.hub.Stats().Deliveries["failed"], 0)
				feedtest.Same(t, "requests together", r.reader.MostTogether(), c.together)
			})
		})
	}
}

// TestAddressBounds: the names that lead to an address are asked as often in a minute as one name is, together, and have as many
// subscriptions.
func TestAddressBounds(t *testing.T) {
	bubble(t, func(r *rig) {
		r.atOneAddress("192.0.2.1", "192.0.2.1")
		subscribe := func(n int) {
			r.client = n / 100
			r.request("subscribe", fmt.Sprintf("https://a.s%d.example/c%d", n%2, n))
		}
		for n := range maxHostRate + 20 {
			subscribe(n)
		}
		got := r.hub.Stats().Requests
		feedtest.Same(r.t, "verified in a minute", got["verified"], maxHostRate)
		feedtest.Same(r.t, "not verified", got["unverified"], 20)
		for n := maxHostRate; n < maxOfHost+10; n++ {
			if n%maxHostRate == 0 {
				after(time.Minute)
			}
			subscribe(n)
		}
		feedtest.Same(r.t, "subscriptions", r.hub.Stats().Subscribers, maxOfHost)
	})
}
