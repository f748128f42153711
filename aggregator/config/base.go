package config

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Base returns the address that links are made from, with a final slash: feed.base_url, else http.listen as this machine
// reaches it.
func (c *Config) Base() string {
	if c.Feed.BaseURL != "" {
		return c.Feed.BaseURL
	}
	host, port, err := net.SplitHostPort(c.HTTP.Listen)
	if err != nil {
		host = c.HTTP.Listen // a config that was not read
	}
	if port == "0" && c.bound.IsValid() {
		port = strconv.Itoa(int(c.bound.Port()))
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	at := net.JoinHostPort(host, port)
	if port == "80" {
		at = strings.TrimSuffix(at, ":80")
	}
	return "http://" + at + "/"
}

// Bound says where the public listener is open: a port of 0 was any that was free. Call it before c is used.
func (c *Config) Bound(at net.Addr) {
	if tcp, ok := at.(*net.TCPAddr); ok {
		c.bound = tcp.AddrPort()
	}
}

// BoundAs says that the public listener is open where that of old is.
func (c *Config) BoundAs(old *Config) { c.bound = old.bound }

// Socket returns the path of the socket that http.listen, as unix:PATH, names.
func Socket(listen string) (path string, is bool) { return strings.CutPrefix(listen, "unix:") }

// warnOfAddresses warns of listeners and of an address of links that do not fit together.
func (c *Config) warnOfAddresses(add func(path string, e *Error)) {
	listen := listenHost(c.HTTP.Listen)
	u, err := url.Parse(c.Base())
	_, socket := Socket(c.HTTP.Listen)
	switch {
	case socket:
	case c.Feed.BaseURL == "" && listenPort(c.HTTP.Listen) == "0":
		add("http.listen", wrong("http.listen takes another free port at each start and feed.base_url is empty: only the daemon's own links "+
			"lead to it"))
	case err != nil || !isLoopback(u.Hostname()):
	case !isLoopback(listen) && c.Feed.BaseURL == "":
		add("http.listen", wrong("http.listen is open to others and feed.base_url is empty: they cannot follow links to %s", u.Host))
	case !isLoopback(listen):
		add("feed.base_url", wrong("base_url is on loopback and http.listen is not: readers elsewhere cannot follow its links"))
	case c.Feed.BaseURL != "" && len(c.HTTP.TrustedProxies) == 0 && portOf(u) != listenPort(c.HTTP.Listen):
		add("feed.base_url", wrong("base_url has port %s and http.listen port %s: leave base_url empty, and it follows", portOf(u),
			listenPort(c.HTTP.Listen)))
	}
	if host := listenHost(c.Admin.Listen); c.Admin.Listen != "" && !isLoopback(host) {
		add("admin.listen", wrong("admin.listen is reached from other machines: metrics, status and profiles are for you alone"))
	}
}

// portOf returns the port of an address, that of its scheme where it names none.
func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// listenPort returns the port of HOST:PORT.
func listenPort(listen string) string {
	_, port, _ := net.SplitHostPort(listen) // it was checked when the file was read
	return port
}

// enabled counts the sources that are polled.
func (c *Config) enabled() int {
	n := 0
	for _, s := range c.Sources {
		if s.Enabled {
			n++
		}
	}
	return n
}
