package subscriber

import (
	"net/url"
	"strings"
)

// Links are what one place says about push: the header of an answer, or a document.
type Links struct {
	Hubs []string // rel=hub, absolute, in order
	Self string   // rel=self, absolute
}

// Discover returns the topic and the hub that a publisher names, empty where it names none or not both
// (WebSub section 4). Links of the header come first; only where they do not name both those of the document count.
// Of several hubs it takes the first with https (section 8.2), else the first.
func Discover(header, document Links) (topic, hub string) {
	for _, l := range []Links{header, document} {
		if hub := l.hub(); hub != "" && usable(l.Self) {
			return l.Self, hub
		}
	}
	return "", ""
}

func (l Links) hub() string {
	best := ""
	for _, h := range l.Hubs {
		switch {
		case !usable(h):
		case hasPrefixFold(h, "https:"):
			return h
		case best == "":
			best = h
		}
	}
	return best
}

// maxAddress is how long an address of a hub or topic may be, in bytes.
const maxAddress = 2048

// usable reports whether s can be a hub or a topic: an http or https address without a password.
func usable(s string) bool {
	if len(s) > maxAddress {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
