package migfile

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Planned is the schema that a file was planned for: the objects that it changes,
// each with a fingerprint. It stands in the file's head.
type Planned struct {
	Major   int // of PostgreSQL: versions print the same thing otherwise
	Objects []PlannedObject
}

// PlannedObject is one object.
type PlannedObject struct {
	Name        string // "table public.users"
	Fingerprint string
}

// maxPlanned bounds how many objects stand in a file.
const maxPlanned = 50

const plannedHead = "planned for PostgreSQL "

// String is the line of the head, without the mark of a comment; "" for nothing.
func (p Planned) String() string {
	if len(p.Objects) == 0 || len(p.Objects) > maxPlanned {
		return ""
	}
	words := make([]string, len(p.Objects))
	for i, o := range p.Objects {
		words[i] = escapeName(o.Name) + " " + o.Fingerprint
	}
	return fmt.Sprintf("%s%d: %s", plannedHead, p.Major, strings.Join(words, "; "))
}

var oddInName = regexp.MustCompile(`[^\pL\pN_.$(),\[\] -]|  +|^ | $`)

// escapeName writes what could be taken for the line's own signs as %XX.
func escapeName(name string) string {
	return oddInName.ReplaceAllStringFunc(name, func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
		return b.String()
	})
}

var plannedLine = regexp.MustCompile(`(?m)^-- ` + plannedHead + `(\d+): (.*)$`)

// readPlanned reads the line; what is no such line is none.
func readPlanned(text string) Planned {
	m := plannedLine.FindStringSubmatch(text)
	if m == nil {
		return Planned{}
	}
	var p Planned
	p.Major, _ = strconv.Atoi(m[1])
	for _, word := range strings.Split(m[2], "; ") {
		at := strings.LastIndexByte(word, ' ')
		if at < 0 {
			return Planned{}
		}
		name, err := url.PathUnescape(word[:at])
		if err != nil {
			return Planned{}
		}
		p.Objects = append(p.Objects, PlannedObject{name, word[at+1:]})
	}
	return p
}
