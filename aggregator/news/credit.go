package news

// Credits is who made what in one item. What is not known is empty; nothing here is made up.
type Credits struct {
	Agency   *Credit   `cbor:"1,keyasint,omitempty"` // the originator; nil: unknown
	Dateline *Dateline `cbor:"2,keyasint,omitempty"` // nil: none printed
	Byline   []Credit  `cbor:"3,keyasint,omitempty"` // persons, in the order printed
	Photos   []Photo   `cbor:"4,keyasint,omitempty"` // in the order found; nil: none
	Cited    []Credit  `cbor:"5,keyasint,omitempty"` // whom the text cites; neither authors nor contributors
	Marker   string    `cbor:"6,keyasint,omitempty"` // update mark as printed, such as "UPDATE 1" or "CORRECTED"
	Rights   string    `cbor:"7,keyasint,omitempty"` // as printed; empty: none
	Number   string    `cbor:"8,keyasint,omitempty"` // document number as printed, such as 950-17-05-2023
	Other    []Credit  `cbor:"9,keyasint,omitempty"` // what conflicts with the above and lost, kept with its evidence

	// Kill is the mark or sentence by which the source takes the text back, as printed; nil: it does not.
	Kill *Evidence `cbor:"10,keyasint,omitempty"`

	Joint []Credit `cbor:"11,keyasint,omitempty"` // further agencies named as originators beside Agency, in the order printed
}

// Credit is one statement of who made what: role, name as printed, agency, display name, evidence.
type Credit struct {
	Role     Role     `cbor:"1,keyasint,omitempty"`
	Name     string   `cbor:"2,keyasint,omitempty"` // as printed
	Agency   string   `cbor:"3,keyasint,omitempty"` // registry key; empty: a person, or not in the registry
	Display  string   `cbor:"4,keyasint,omitempty"` // as shown to readers; empty: Name
	Evidence Evidence `cbor:"5,keyasint,omitzero"`
}

// Label returns the name to show to readers.
func (c Credit) Label() string {
	if c.Display != "" {
		return c.Display
	}
	return c.Name
}

// ID returns what names the credited party in `export`: the registry key where known, else the name as printed.
func (c Credit) ID() string {
	if c.Agency != "" {
		return c.Agency
	}
	return c.Name
}

// Role is what a credited party did.
type Role string

// The roles, in IPTC's words where it has one.
const (
	Originator   Role = "originator"   // whose report it is (infosource)
	Byline       Role = "byline"       // wrote it
	Photographer Role = "photographer" // took the picture
	Owner        Role = "owner"        // the picture is its property (source)
	Supplier     Role = "supplier"     // the picture came through it
	Carrier      Role = "carrier"      // published the same text
	Cited        Role = "cited"        // is named in the text as the origin of a statement
)

// Evidence says where a credit was read. Start and End are byte offsets into the field as the parser
// gave it to the next stage; both are 0 where the field as a whole is the evidence.
type Evidence struct {
	Field string `cbor:"1,keyasint,omitempty"` // text, title, author, dc:creator, dc:publisher, media:credit, source, link, config …
	Start int    `cbor:"2,keyasint,omitempty"`
	End   int    `cbor:"3,keyasint,omitempty"`
	Words string `cbor:"4,keyasint,omitempty"` // the words matched
	Rule  string `cbor:"5,keyasint,omitempty"` // the rule that read them
}

// Dateline says where and when a report was filed (IPTC dateline). It never says where the event was.
type Dateline struct {
	Place    string   `cbor:"1,keyasint,omitempty"` // as printed
	Month    int      `cbor:"2,keyasint,omitempty"` // 1 to 12; 0: none printed
	Day      int      `cbor:"3,keyasint,omitempty"` // 1 to 31; 0: none printed
	Year     int      `cbor:"4,keyasint,omitempty"` // printed, or resolved from the item's own date; 0: neither
	Agency   string   `cbor:"5,keyasint,omitempty"` // registry key, else as printed
	Raw      string   `cbor:"6,keyasint,omitempty"` // the whole dateline as printed
	Evidence Evidence `cbor:"7,keyasint,omitzero"`
	Own      bool     `cbor:"8,keyasint,omitempty"` // Agency is the source's own
}

// Photo is the credit of one picture. Line is reproduced as printed, always.
type Photo struct {
	Line     string   `cbor:"1,keyasint,omitempty"` // as printed, such as "Russian MFA/TASS"
	Caption  string   `cbor:"2,keyasint,omitempty"` // plain text; empty: none
	URL      string   `cbor:"3,keyasint,omitempty"` // of the picture; empty where unknown
	Chain    []Credit `cbor:"4,keyasint,omitempty"` // person, owner, agency, distributor, in that order
	Evidence Evidence `cbor:"5,keyasint,omitzero"`
}
