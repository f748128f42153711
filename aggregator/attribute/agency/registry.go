package agency

import (
	_ "embed"
	"errors"
	"fmt"
	"iter"
	"maps"
	"strings"
	"sync"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// Registry maps the spellings of agencies in every language to one key. It is read-only once made and may be
// used by any number of goroutines.
type Registry struct {
	agencies map[string]*news.Agency
	names    *names
	hosts    map[string]string // host name without www. -> key
}

// ErrAgency is wrapped by every error of [New].
var ErrAgency = errors.New("agency: bad agency")

// Error says which agency a registry cannot take in, and why.
type Error struct {
	Key     string // of the agency
	Problem string // of its configuration, such as "occurs twice"
	Parent  bool   // the agency that it belongs to is the problem
}

func (e *Error) Error() string { return fmt.Sprintf("agency %q: %s", e.Key, e.Problem) }

// Unwrap returns [ErrAgency].
func (e *Error) Unwrap() error { return ErrAgency }

// New returns the built-in registry, extended and overridden by extra: an agency of a built-in key replaces what it
// states and adds its spellings and hosts. A spelling in Also or a host that the built-in registry gives to another
// agency passes to the extra one; its Name does not, so that a source may be called as it likes. Spellings take the
// signs that the head of agencies.txt describes. The errors are [*Error].
func New(extra []news.Agency) (*Registry, error) {
	list, err := builtins()
	if err != nil {
		return nil, err
	}
	r := newRegistry(len(list))
	seen := map[string]bool{}
	for _, a := range extra {
		if seen[a.Key] {
			return nil, &Error{Key: a.Key, Problem: "occurs twice"}
		}
		seen[a.Key] = true
		if err := r.reserve(a); err != nil {
			return nil, err
		}
	}
	for i := range list {
		r.take(&list[i])
	}
	for _, a := range extra {
		a = merge(r.agency(a.Key), a)
		r.take(&a)
	}
	for _, a := range extra {
		if p := a.Parent; p != "" && r.agencies[p] == nil {
			return nil, &Error{Key: a.Key, Problem: fmt.Sprintf("unknown parent %q", p), Parent: true}
		}
	}
	return r, nil
}

// newRegistry returns an empty registry for about n agencies.
func newRegistry(n int) *Registry {
	return &Registry{agencies: make(map[string]*news.Agency, n), names: newNames(7 * n / 2), hosts: make(map[string]string, n/2)}
}

// reserve takes the spellings and hosts that an extra agency states, before the built-in registry has them.
func (r *Registry) reserve(a news.Agency) error {
	if a.Key == "" || strings.Trim(a.Key, "abcdefghijklmnopqrstuvwxyz0123456789._-") != "" {
		return &Error{Key: a.Key, Problem: "a key is made of a-z, 0-9, dot, hyphen and underscore"}
	}
	switch a.Kind {
	case "", news.KindAgency, news.KindMinistry, news.KindPhoto, news.KindDistributor, news.KindPressRelease, news.KindMedia:
	default:
		return &Error{Key: a.Key, Problem: fmt.Sprintf("unknown kind %q", a.Kind)}
	}
	for _, s := range a.Also {
		if _, printed := cutSigns(s); lex.Fold(printed) == "" {
			return &Error{Key: a.Key, Problem: fmt.Sprintf("spelling %q has no letter", s)}
		}
		if taken := r.spell(a.Key, s); taken != "" {
			return &Error{Key: a.Key, Problem: fmt.Sprintf("spelling %q belongs to %q", s, taken)}
		}
	}
	for _, h := range a.Hosts {
		if !IsHost(h) {
			return &Error{Key: a.Key, Problem: fmt.Sprintf("%q is not a host name", h)}
		}
		if k := r.hosts[FoldHost(h)]; k != "" && k != a.Key {
			return &Error{Key: a.Key, Problem: fmt.Sprintf("host %q belongs to %q", h, k)}
		}
		r.hosts[FoldHost(h)] = a.Key
	}
	return nil
}

// take adds a to the registry; what another agency has reserved stays with that one.
func (r *Registry) take(a *news.Agency) {
	r.agencies[a.Key] = a
	var buf [8]string
	exact := buf[:0]
	for _, s := range a.Also {
		m, printed := cutSigns(s)
		if m.exact {
			exact = append(exact, printed)
		}
		r.enter(a.Key, printed, m)
	}
	for _, h := range a.Hosts {
		if _, ok := r.hosts[FoldHost(h)]; !ok {
			r.hosts[FoldHost(h)] = a.Key
		}
	}
	r.title(a.Key, a.Name, exact)
	for _, n := range a.Names {
		r.title(a.Key, n, exact)
	}
}

// maxPunctuation is how many bytes two prints of one name may differ by: quotes, hyphens, full stops.
const maxPunctuation = 12

// title adds a name as a spelling, unless Also has it with a sign: exact are those.
func (r *Registry) title(key, printed string, exact []string) {
	folded := ""
	for _, e := range exact {
		if strings.EqualFold(e, printed) {
			return
		}
		if max(len(e), len(printed))-min(len(e), len(printed)) > maxPunctuation { // quotes and hyphens do not make that much
			continue
		}
		if folded == "" {
			folded = r.names.fold(printed)
		}
		if r.names.fold(e) == folded {
			return
		}
	}
	r.spell(key, printed)
}

// spell adds one spelling and its case forms; it returns the key of another agency that has it.
func (r *Registry) spell(key, spelled string) (taken string) {
	m, printed := cutSigns(spelled)
	return r.enter(key, printed, m)
}

// enter adds a spelling without its signs, likewise.
func (r *Registry) enter(key, printed string, m signs) (taken string) {
	if !m.declined {
		return r.names.add(key, printed, r.names.fold(printed), m)
	}
	for _, e := range endings {
		if t := r.names.add(key, printed+e, r.names.fold(printed+e), m); t != "" {
			taken = t
		}
	}
	return taken
}

// merge returns old with what extra states.
func merge(old, extra news.Agency) news.Agency {
	a := extra
	if a.Name == "" {
		a.Name = old.Name
	}
	if a.Name == "" {
		a.Name = a.Key
	}
	if a.Kind == "" {
		a.Kind = old.Kind
	}
	if a.Kind == "" {
		a.Kind = news.KindAgency
	}
	if a.Parent == "" {
		a.Parent = old.Parent
	}
	if a.Site == "" {
		a.Site = old.Site
	}
	a.Names = map[string]string{}
	if extra.Name == "" || extra.Name == old.Name {
		maps.Copy(a.Names, old.Names)
	}
	maps.Copy(a.Names, extra.Names)
	a.Also = append(append([]string(nil), old.Also...), extra.Also...)
	a.Hosts = append(append([]string(nil), old.Hosts...), extra.Hosts...)
	return a
}

// Agency returns the agency of a key.
func (r *Registry) Agency(key string) (news.Agency, bool) {
	a, ok := r.agencies[key]
	if !ok {
		return news.Agency{}, false
	}
	return *a, true
}

// agency returns the agency of a key; the zero agency: the registry lacks it.
func (r *Registry) agency(key string) news.Agency {
	a, _ := r.Agency(key)
	return a
}

//go:embed generic.txt
var genericTable string

// generic are the words of generic.txt.
var generic = sync.OnceValue(func() (list []string) {
	lex.EachLine(genericTable, ";", func(w string) { list = append(list, w) })
	return list
})

// Lookup returns the key of the agency spelled name, in any language, case form or capitals, with quotation marks
// and words such as "news agency" around it or not.
func (r *Registry) Lookup(name string) (key string, ok bool) {
	f := lex.Fold(name)
	for {
		if key, ok = r.names.lookup(f); ok {
			return key, true
		}
		next := f
		for _, g := range generic() {
			if t := strings.TrimPrefix(f, g+" "); len(t) < len(next) {
				next = t
			}
			if t := strings.TrimSuffix(f, " "+g); len(t) < len(next) {
				next = t
			}
		}
		if next == f {
			return "", false
		}
		f = next
	}
}

// Host returns the key of the agency whose pages are on host or on a domain above it.
func (r *Registry) Host(host string) (key string, ok bool) {
	for h := FoldHost(host); h != ""; {
		if key, ok = r.hosts[h]; ok {
			return key, true
		}
		_, h, _ = strings.Cut(h, ".")
	}
	return "", false
}

// FoldHost returns the form in which hosts are compared: small letters, without www. and a full stop at the end.
func FoldHost(h string) string {
	return strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(h)), "."), "www.")
}

// IsHost reports whether h is a host name: labels of letters, digits and hyphens, at least two of them.
func IsHost(h string) bool {
	labels := strings.Split(FoldHost(h), ".")
	for _, l := range labels {
		if l == "" || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-") {
			return false
		}
		for _, r := range l {
			if r != '-' && !lex.IsWord(r) {
				return false
			}
		}
	}
	return len(labels) > 1
}

// Display returns the name of an agency in a language (BCP 47), or else its name.
func (r *Registry) Display(key, language string) string {
	a := r.agency(key)
	for language != "" {
		if n := a.Names[language]; n != "" {
			return n
		}
		i := strings.LastIndexAny(language, "-_")
		if i < 0 {
			break
		}
		language = language[:i]
	}
	return a.Name
}

// Kind returns the kind of an agency; empty: the registry lacks it.
func (r *Registry) Kind(key string) news.AgencyKind { return r.agency(key).Kind }

// Match reads the longest spelling of an agency that begins with the word at i.
func (r *Registry) Match(s string, i int) (Name, bool) { return r.names.match(s, i) }

// Whole reads a spelling that is all of s but for quotation marks around it.
func (r *Registry) Whole(s string) (Name, bool) { return r.names.whole(s) }

// Read reads the longest spelling of an agency that begins with the token k of s. The tokens are cut with its
// vocabulary ([Registry.Vocabulary]).
func (r *Registry) Read(s string, list []lex.Token, k int) (Name, bool) {
	return r.names.read(s, list, k)
}

// Vocabulary returns the words of every spelling, for [Registry.Read]. The caller may add words and classes of
// its own to it, before the registry is used.
func (r *Registry) Vocabulary() *lex.Vocabulary { return r.names.words }

// Heads yields the words with which spellings begin and the kind of the agency, in the order of the registry. A word may come twice.
func (r *Registry) Heads() iter.Seq2[*lex.Word, news.AgencyKind] {
	return func(yield func(*lex.Word, news.AgencyKind) bool) {
		var last news.Agency // its spellings follow each other
		for i := range r.names.list {
			sp := &r.names.list[i]
			if sp.key != last.Key {
				last = r.agency(sp.key)
			}
			if !yield(sp.head, last.Kind) {
				return
			}
		}
	}
}
