package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/idna"
)

// GuardError says that the client does not go to an address.
type GuardError struct {
	URL     string // of the request or the redirect
	Address string // what was refused: a scheme, a host, an IP with its port
	Reason  string // why it is not asked
	Option  string // of [Options] that would let it in: Allow or Ports; empty: none
}

func (e *GuardError) Error() string {
	s := fmt.Sprintf("%s is not allowed: %s", e.Address, e.Reason)
	if e.URL != "" && e.URL != e.Address {
		s = e.URL + ": " + s
	}
	return s
}

// guard decides where requests may go: by scheme, host, port and IP.
type guard struct {
	names    map[string]bool // let in, regardless of their addresses
	nets     []netip.Prefix  // let in
	ports    []int           // for everything else
	dials    bool            // we look up names and dial ourselves, so dialer has the last word on them
	resolver *net.Resolver   // nil: the system's
}

func newGuard(allow []string, ports []int) (*guard, error) {
	g := &guard{names: map[string]bool{}, ports: ports}
	for _, p := range ports {
		if p < 1 || p > 65535 {
			return nil, &OptionError{"Ports", strconv.Itoa(p), "is not from 1 to 65535"}
		}
	}
	for _, entry := range allow {
		if err := g.allow(entry); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (g *guard) allow(entry string) error {
	if strings.Contains(entry, "/") {
		p, err := netip.ParsePrefix(entry)
		if err != nil {
			return &OptionError{"Allow", entry, "is no CIDR"}
		}
		g.nets = append(g.nets, p.Masked())
		return nil
	}
	if ip, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
		ip = ip.Unmap()
		g.nets = append(g.nets, netip.PrefixFrom(ip.WithZone(""), ip.BitLen()))
		return nil
	}
	name := hostName(entry)
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-._") != "" {
		return &OptionError{"Allow", entry, "is no host name, address or CIDR"}
	}
	g.names[name] = true
	return nil
}

// hostName brings a host name to the form in which it is compared: lower case, ASCII, no final dot.
func hostName(s string) string {
	s = strings.ToLower(strings.TrimSuffix(s, "."))
	if plain(s) || len(s) > 253 { // idna takes quadratic time for what is no name (RFC 1035 section 2.3.4)
		return s
	}
	if ascii, err := idna.Lookup.ToASCII(s); err == nil {
		return ascii
	}
	return s
}

// lets reports whether host, a name or an IP as written in a URL, is let in by Options.Allow.
func (g *guard) lets(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return g.letsIP(ip.Unmap().WithZone(""))
	}
	return g.names[hostName(host)]
}

func (g *guard) letsIP(ip netip.Addr) bool {
	return slices.ContainsFunc(g.nets, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// check judges an address before anything is dialled. It returns a [*GuardError].
func (g *guard) check(u *url.URL) error {
	refuse := func(address string, why refusal) error {
		return &GuardError{URL: shown(u), Address: address, Reason: why.reason, Option: why.option}
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return refuse(u.Scheme+":", refusal{reason: "only http and https are"})
	}
	host := u.Hostname()
	if host == "" {
		return refuse(shown(u), refusal{reason: "it names no host"})
	}
	port, err := portOf(u)
	if err != nil {
		return refuse(u.Host, refusal{reason: err.Error()})
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		if why := g.judge(ip, port); why != (refusal{}) {
			return refuse(net.JoinHostPort(host, strconv.Itoa(port)), why)
		}
		return nil
	}
	if g.dials || g.lets(host) {
		return nil
	}
	if why := g.judgeName(host, port); why != (refusal{}) {
		return refuse(u.Host, why)
	}
	return nil
}

// foresee judges as check does; where the guard has the last word on what a name resolves to, also what the name and the port say
// of it before any look-up.
func (g *guard) foresee(u *url.URL) error {
	if err := g.check(u); err != nil || !g.dials {
		return err
	}
	host := u.Hostname()
	port, _ := portOf(u) // check has read it
	_, err := netip.ParseAddr(host)
	if why := g.judgeName(host, port); err != nil && !g.lets(host) && why != (refusal{}) {
		return &GuardError{URL: shown(u), Address: u.Host, Reason: why.reason, Option: why.option}
	}
	return nil
}

// judgeName returns why no address that a name may resolve to must be reached at a port.
func (g *guard) judgeName(host string, port int) refusal {
	name := hostName(host)
	switch local := name == "localhost" || strings.HasSuffix(name, ".localhost"); {
	case g.dials && local && (g.letsIP(netip.AddrFrom4([4]byte{127, 0, 0, 1})) || g.letsIP(netip.IPv6Loopback())):
		return refusal{}
	case local:
		return refusal{"loopback", optionAllow}
	case g.dials && len(g.nets) > 0: // one of them may be let in, and with it every port
		return refusal{}
	}
	return g.judgePort(port)
}

// portOf returns the port of u, that of its scheme where it names none.
func portOf(u *url.URL) (int, error) {
	switch s := u.Port(); {
	case s != "":
		p, err := strconv.Atoi(s)
		if err != nil || p < 1 || p > 65535 {
			return 0, fmt.Errorf("port %s is not from 1 to 65535", s)
		}
		return p, nil
	case u.Scheme == "https":
		return 443, nil
	}
	return 80, nil
}

// The options that let an address in.
const (
	optionAllow = "Allow"
	optionPorts = "Ports"
)

// refusal is why an address must not be reached, and the option that would let it in; zero: it may be reached.
type refusal struct{ reason, option string }

// judge returns why an address must not be reached.
func (g *guard) judge(ip netip.Addr, port int) refusal {
	ip = ip.Unmap().WithZone("")
	if g.letsIP(ip) {
		return refusal{}
	}
	if reason := notPublic(ip); reason != "" {
		return refusal{reason, optionAllow}
	}
	return g.judgePort(port)
}

func (g *guard) judgePort(port int) refusal {
	if slices.Contains(g.ports, port) {
		return refusal{}
	}
	return refusal{fmt.Sprintf("port %d is none of the allowed ones", port), optionPorts}
}

// dialer returns a function that dials as http.Transport asks it to. Where the guard has the last word,
// each IP that the name resolves to is judged after the lookup and before the connection.
func (g *guard) dialer(timeout time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		d := net.Dialer{Timeout: timeout, Resolver: g.resolver}
		if g.dials {
			letIn := g.names[hostName(host)]
			d.ControlContext = func(ctx context.Context, _, address string, _ syscall.RawConn) error {
				return g.control(ctx, address, letIn)
			}
		}
		return d.DialContext(ctx, network, address)
	}
}

// control judges an address that is about to be connected to, unless its name is let in, and asks the function of [WithDial].
func (g *guard) control(ctx context.Context, address string, letIn bool) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &GuardError{Address: address, Reason: "it is no IP address"}
	}
	if why := g.judge(ap.Addr(), int(ap.Port())); why != (refusal{}) && !letIn {
		return &GuardError{Address: address, Reason: why.reason, Option: why.option}
	}
	if allow, ok := ctx.Value(dialKey{}).(func(netip.Addr) error); ok {
		return allow(ap.Addr().Unmap())
	}
	return nil
}

// dialKey is the key under which a context has the function of [WithDial].
type dialKey struct{}

// WithDial returns a context under which the client calls allow with each address before it connects to it; an error of allow is that of
// the connection. Where a proxy or Options.Transport connects, and for a connection that was kept, it is not called.
func WithDial(ctx context.Context, allow func(netip.Addr) error) context.Context {
	return context.WithValue(ctx, dialKey{}, allow)
}

// notPublic returns what kind of address ip is, "" for one that is reached over the public internet.
func notPublic(ip netip.Addr) string {
	for _, s := range special {
		if s.net.Contains(ip) {
			return s.kind
		}
	}
	if ip.Is6() && !global6.Contains(ip) {
		return "not a global address"
	}
	return ""
}

// global6 is the only IPv6 range from which global unicast addresses are given out.
var global6 = netip.MustParsePrefix("2000::/3")

// special holds the ranges that are not reached over the public internet, or that hide an IPv4 address
// (IANA special-purpose address registries).
var special = []struct {
	net  netip.Prefix
	kind string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "this host"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private"},
	{netip.MustParsePrefix("100.64.0.0/10"), "shared by a carrier"},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local"},
	{netip.MustParsePrefix("172.16.0.0/12"), "private"},
	{netip.MustParsePrefix("192.0.0.0/24"), "for protocols"},
	{netip.MustParsePrefix("192.0.2.0/24"), "for documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relay"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private"},
	{netip.MustParsePrefix("198.18.0.0/15"), "for benchmarks"},
	{netip.MustParsePrefix("198.51.100.0/24"), "for documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "for documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"},
	{netip.MustParsePrefix("::/128"), "this host"},
	{netip.MustParsePrefix("::1/128"), "loopback"},
	{netip.MustParsePrefix("64:ff9b::/96"), "NAT64"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "NAT64"},
	{netip.MustParsePrefix("fc00::/7"), "private"},
	{netip.MustParsePrefix("fe80::/10"), "link-local"},
	{netip.MustParsePrefix("ff00::/8"), "multicast"},
	{netip.MustParsePrefix("2001::/23"), "for protocols"},
	{netip.MustParsePrefix("2001:db8::/32"), "for documentation"},
	{netip.MustParsePrefix("2002::/16"), "6to4"},
	{netip.MustParsePrefix("3fff::/20"), "for documentation"},
}
