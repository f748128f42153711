package subscriber

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// BaseError says why hubs could not reach callbacks below an address.
type BaseError struct {
	Base   string // without a password
	Reason string // why it cannot be
}

func (e *BaseError) Error() string { return fmt.Sprintf("websub: base_url %q: %s", e.Base, e.Reason) }

// Public returns nil if hubs on the internet may be able to reach callbacks below base, else a [*BaseError]. It
// looks nothing up: a name counts as public unless it is one that never is.
func Public(base string) error {
	u, err := url.Parse(base)
	if err != nil {
		return &BaseError{"", "is no address"} // what cannot be parsed may hold a password
	}
	reason := ""
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	switch ip, err := netip.ParseAddr(host); {
	case u.Scheme != "http" && u.Scheme != "https":
		reason = "is not http or https"
	case host == "":
		reason = "names no host"
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		reason = "has a user, a query or a fragment"
	case err == nil && !publicIP(ip.Unmap()), err != nil && !publicName(host):
		reason = "is not reached from the internet"
	default:
		return nil
	}
	return &BaseError{u.Redacted(), reason}
}

// shared4 is the range that carriers share among customers (RFC 6598); the other ranges that are not
// public are known to net/netip.
var shared4 = netip.MustParsePrefix("100.64.0.0/10")

func publicIP(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !shared4.Contains(ip)
}

// publicName reports whether a host name can be one of the internet: it has a dot, and does not end in a domain
// kept for private use (RFC 6761, RFC 6762, RFC 8375, and .internal by ICANN).
func publicName(host string) bool {
	for _, private := range []string{".localhost", ".local", ".internal", ".home.arpa"} {
		if strings.HasSuffix(host, private) {
			return false
		}
	}
	return strings.Contains(host, ".")
}
