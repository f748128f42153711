package page

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// provenance is the drawing of how an entry and its photos came here, from top to bottom: the chains of its photos, its originators, who
// published it and who carried it.
type provenance struct {
	svg   svg
	names int // where names begin
	nodes []node
}

// node is a party in a chain.
type node struct {
	x, y       int
	shape      string
	name, role string
}

// Bounds of a drawing, and its measures.
const (
	provenancePhotos   = 3
	provenanceCarriers = 12
	provenanceTop      = 12
	provenanceRow      = 46
	provenanceMain     = 10 // from the left: the report
	provenanceSide     = 36 // photos and carriers
)

// The shapes of its nodes beside those of a story.
const (
	shapePhoto = "photo"
	shapeMore  = "more" // carriers that are not shown
)

// provenance draws the chain of an entry; empty where there is only its source.
func (s *Site) provenance(w *catalog, a Account) template.HTML {
	c := &provenance{names: provenanceSide + 18}
	ends := c.photos(s, w, a.View)
	main := c.report(w, a.View)
	for _, end := range ends {
		last, to := c.nodes[end], c.nodes[main]
		c.way("way photo", fmt.Sprintf("M%d %dV%dQ%d %d %d %d", last.x, last.y, to.y-16, last.x, to.y, to.x+8, to.y))
	}
	c.carriers(w, a, main)
	if len(c.nodes) < 2 {
		return ""
	}
	if len(ends) == 0 && main == len(c.nodes)-1 {
		c.names = provenanceMain + 20
	}
	var names []string
	for _, n := range c.nodes {
		c.svg.mark(n.shape, strconv.Itoa(n.x), n.y)
		c.svg.put("text", short(n.name, laneName), "x", strconv.Itoa(c.names), "y", strconv.Itoa(n.y+2))
		if n.role != "" {
			c.svg.put("text", short(n.role, laneName+8), "class", "faint", "x", strconv.Itoa(c.names), "y", strconv.Itoa(n.y+18))
			n.name += " (" + n.role + ")"
		}
		names = append(names, n.name)
	}
	return c.svg.drawing("chain", strings.Join(names, " → "), "100%", c.nodes[len(c.nodes)-1].y+provenanceRow/2)
}

// node adds a node and returns its place.
func (c *provenance) node(x int, shape, name, role string) int {
	c.nodes = append(c.nodes, node{x, provenanceTop + provenanceRow*len(c.nodes) + 4, shape, name, role})
	return len(c.nodes) - 1
}

// way draws a line along a path.
func (c *provenance) way(class, path string) { c.svg.put("path", "", "class", class, "d", path) }

// down joins a node with the next one below it in the same column.
func (c *provenance) down(class string, from, to int) {
	c.way(class, fmt.Sprintf("M%d %dV%d", c.nodes[from].x, c.nodes[from].y+8, c.nodes[to].y-8))
}

// photos adds the chain of each photo, and returns the last node of each. A photo of the publisher's own has no chain.
func (c *provenance) photos(s *Site, w *catalog, e *view.Entry) (ends []int) {
	var lines []string
	for _, ph := range e.Photos {
		if len(lines) == provenancePhotos || slices.Contains(lines, ph.Line) {
			continue
		}
		links := slices.Clone(ph.Chain)
		if n := len(links); n > 0 && links[n-1].Agency != "" && links[n-1].Agency == e.Publisher.Key {
			links = links[:n-1]
		}
		if len(links) == 0 {
			continue
		}
		lines = append(lines, ph.Line)
		last := -1
		for _, cr := range links {
			name := cmp.Or(view.Name(s.Views.AgencyName(cr.Agency, w.Lang)), view.Name(cr.Label()))
			n := c.node(provenanceSide, shapePhoto, name, w.role(cr.Role))
			if last >= 0 {
				c.down("way photo", last, n)
			}
			last = n
		}
		ends = append(ends, last)
	}
	return ends
}

// report adds the originators and who published it, and returns the last of these nodes.
func (c *provenance) report(w *catalog, e *view.Entry) int {
	last := -1
	add := func(name string, role news.Role, shape string) {
		n := c.node(provenanceMain, shape, name, w.role(role))
		if last >= 0 {
			c.down("way", last, n)
		}
		last = n
	}
	for _, who := range append([]view.Party{e.Agency}, e.Joint...) {
		add(who.Name, news.Originator, signOwn)
	}
	if e.Via {
		add(e.Publisher.Name, news.Carrier, signCopy)
	}
	return last
}

// carriers adds those who published it too, each as a branch of the node main.
func (c *provenance) carriers(w *catalog, a Account, main int) {
	at := c.nodes[main]
	branch := func(shape, name, role string) {
		n := c.nodes[c.node(provenanceSide, shape, name, role)]
		c.way("way", fmt.Sprintf("M%d %dV%dQ%d %d %d %d", at.x, at.y+8, n.y-8, at.x, n.y, n.x-8, n.y))
	}
	all := a.View.Carriers()
	for i, o := range all {
		if i == provenanceCarriers {
			branch(shapeMore, view.Fill(w.AndMore, "n", strconv.Itoa(len(all)-i)), "")
			return
		}
		role := w.role(news.Carrier)
		if photoOf(a, o) {
			role = view.Fill(w.WithPhoto, "role", role)
		}
		branch(signCopy, o.Name, role)
	}
}

// photoOf reports whether a copy has a photo with a credit line that the entry has.
func photoOf(a Account, o view.Copy) bool {
	for i, c := range a.View.Copies {
		if c.Name != o.Name || i+1 >= len(a.Items) {
			continue
		}
		for _, ph := range a.Items[i+1].Credits.Photos {
			if slices.ContainsFunc(a.View.Photos, func(own news.Photo) bool { return own.Line == view.OneLine(ph.Line) }) {
				return true
			}
		}
	}
	return false
}
