package config

import (
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// webAddress checks an absolute http or https address.
func webAddress(s string) *Error {
	if e := address(s, "http", "https"); e != nil {
		return e
	}
	if u, _ := url.Parse(s); u.User != nil {
		return wrong("an address with a user or password would be published: remove them")
	}
	return nil
}

// publicAddress checks the address that links are made from.
func publicAddress(s string) *Error {
	if e := webAddress(s); e != nil {
		return e
	}
	switch {
	case strings.ContainsAny(s, "?#"):
		return wrong("an address that links are made from has no query and no fragment")
	case !isASCII(s):
		return wrong("%q is not ASCII: write its host as xn--… and the rest percent-encoded", s)
	}
	return nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// address checks an absolute address with a host, of one of the schemes.
func address(s string, schemes ...string) *Error {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' }) {
		return wrong("%q is no address", s)
	}
	want := strings.Join(schemes, " or ")
	switch {
	case u.Scheme == "" || u.Opaque != "":
		e := wrong("%q is no address with %s", s, want)
		if near := schemes[len(schemes)-1] + "://" + strings.TrimLeft(s, "/"); isHost(near) {
			e.Suggestion = near
		}
		return e
	case !slices.Contains(schemes, u.Scheme):
		return wrong("scheme %q: want %s", u.Scheme, want).meant(nearest(u.Scheme, schemes, 2))
	case u.Hostname() == "":
		return wrong("%q has no host", s)
	}
	if _, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && err != nil {
		return wrong("%q is no port: want 1 to 65535", u.Port())
	}
	return nil
}

// isHost reports whether the address names a host with a dot, as a forgotten scheme would leave it.
func isHost(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.User == nil && strings.Contains(u.Hostname(), ".") && hostName().MatchString(u.Hostname())
}

// identifier checks an atom:id: an absolute URI in ASCII (RFC 4287 section 4.2.6).
func identifier(s string) *Error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || (u.Opaque == "" && u.Host == "") {
		return wrong("%q is no absolute URI such as urn:uuid:… or https://example.org/feed", s)
	}
	if !isASCII(s) || strings.Contains(s, " ") {
		return wrong("%q is not ASCII without spaces", s)
	}
	return nil
}

// publicListener checks HOST:PORT or unix:PATH.
func publicListener(s string) *Error {
	path, socket := Socket(s)
	switch {
	case !socket:
		return listener(s)
	case !filepath.IsAbs(path):
		return wrong("%q: want unix: and an absolute path", s)
	case len(path) > maxSocketPath:
		return wrong("the path of a socket has at most %d bytes", maxSocketPath)
	}
	return nil
}

// maxSocketPath is what fits into a socket's address everywhere, in bytes: 103 on macOS, more elsewhere.
const maxSocketPath = 103

// listener checks HOST:PORT, HOST being empty, localhost or an IP address.
func listener(s string) *Error {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		e := wrong("%q is no address to listen on: want HOST:PORT", s)
		if _, err := strconv.ParseUint(s, 10, 16); err == nil {
			e.Suggestion = "127.0.0.1:" + s
		}
		return e
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "" && host != "localhost" {
		return wrong("%q is no IP address to listen on", host)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return wrong("%q is no port: want 0 to 65535, 0 being any that is free", port)
	}
	return nil
}

// hostName is a name of dotted labels (RFC 1123 section 2.1), the underscores of some networks among them.
var hostName = compiled(`^(?i:[a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?\.)*(?i:[a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?)\.?$`)

// reachable checks one element of network.allow: a name, an IP address or a CIDR.
func reachable(s string) *Error {
	if p, ok := network(s); ok {
		return masked(s, p)
	}
	if strings.Contains(s, "/") {
		return wrong("%q is no CIDR such as 10.0.0.0/8", s)
	}
	if host, port, err := net.SplitHostPort(s); err == nil && port != "" {
		return wrong("%q has a port: an entry allows every port", s).meant(host)
	}
	return host(s)
}

// hostAlone checks one element of admin.hosts: a name without a port.
func hostAlone(s string) *Error {
	if name, port, err := net.SplitHostPort(s); err == nil && port != "" {
		return wrong("%q has a port: a name is allowed on every port", s).meant(name)
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return wrong("%q is an address, by which it may be asked anyway", s)
	}
	return host(s)
}

// trustedProxy checks one element of http.trusted_proxies: an IP address or a CIDR.
func trustedProxy(s string) *Error {
	p, ok := network(s)
	if !ok {
		return wrong("%q is neither an address nor a CIDR such as 10.0.0.0/8", s)
	}
	return masked(s, p)
}

// network returns the addresses of a CIDR, or of one address.
func network(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p, true
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// masked returns an error for a CIDR with more in it than a network.
func masked(s string, p netip.Prefix) *Error {
	if p != p.Masked() {
		return wrong("%s names one address and a length: write the network", s).meant(p.Masked().String())
	}
	return nil
}

// host checks a host name.
func host(s string) *Error {
	if numeric := strings.Trim(s, "0123456789.") == ""; numeric || !hostName().MatchString(s) {
		return wrong("%q is no host name", s)
	}
	return nil
}

// agencyHost checks a host name of an agency's pages.
func agencyHost(s string) *Error {
	if e := host(s); e != nil {
		return e
	}
	if bare, ok := strings.CutPrefix(strings.ToLower(s), "www."); ok {
		return wrong("%q: write the name without www.", s).meant(bare)
	}
	return nil
}

// contact checks what the User-Agent names in parentheses: an address or a mail address.
func contact(s string) *Error {
	if strings.ContainsAny(s, "()<> ") || !isASCII(s) {
		return wrong("%q is not allowed in a User-Agent: write the bare address or mail", s)
	}
	if strings.Contains(s, "://") {
		return webAddress(s)
	}
	if a, err := mail.ParseAddress(strings.TrimPrefix(s, "mailto:")); err != nil || a.Name != "" {
		return wrong("%q is neither a web address nor a mail address", s)
	}
	return nil
}
