package pattern

// kind is what a part of a pattern is.
type kind int

const (
	char     kind = iota // one of set
	group                // alternatives of sequences
	begin                // ^
	end                  // $
	boundary             // \b, \B
	ahead                // (?=…), (?!…)
	behind               // (?<=…), (?<!…)
	back                 // \1, \k<name>
)

// node is a part of a pattern, with how often it is repeated.
type node struct {
	kind         kind
	set          set
	alternatives [][]node // of a group and what looks around
	not          bool     // of what looks around, and of \B
	least        int
	most         int    // endless: no bound
	re2          string // of a char, in the syntax of RE2; "": it has no words for it
}

const endless = -1

func one(k kind) node { return node{kind: k, least: 1, most: 1} }
