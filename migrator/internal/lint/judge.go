package lint

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Finding is what a rule has to say about a statement.
type Finding struct {
	Rule
	Message   string
	Hazards   []Hazard
	Offset    int    // in the text, in bytes
	Statement int    // which of the statements
	SQL       string // of the statement
	Table     string // that it is about, as written
	Rewrite   string // the statement in the safe way; "" where that is no matter of a text
	Fix       []Edit // makes the text safe, where that is mechanical
	Alone     bool   // the statements of Fix must not be in one transaction
}

// Edit replaces bytes of the text.
type Edit struct {
	From, To int
	Text     string
}

// Size is how large a table is.
type Size struct{ Rows, Bytes int64 }

// Options say what is known besides the text.
type Options struct {
	InTransaction bool // the runner opens a transaction around each file
	// Size is the size of a table in the database; nil without one. ok is false
	// for a table that it does not have.
	Size func(schema, name string) (s Size, ok bool)
	// Partitioned says that a table or an index of the database is partitioned; nil
	// without one.
	Partitioned func(schema, name string) bool
}

// Judge judges files in the order in which they run: what an earlier file
// defines is known in the later ones.
type Judge struct {
	options     Options
	types       map[string]string // "t.c": its type as far as the files tell
	partitioned map[string]bool   // tables, and indexes of them, as far as the files tell
	routines    map[string][]routine
	triggers    map[string][]trigger   // by table
	references  map[string][]reference // foreign keys, by table
	primary     map[string][]string    // columns of primary keys, by table
	constraints map[string]bool        // "t.c": the files define it
	indexes     map[string]string      // their tables
	domains     map[string]domain
}

// New makes a judge.
func New(o Options) *Judge {
	return &Judge{options: o, types: map[string]string{}, partitioned: map[string]bool{}, routines: map[string][]routine{}, triggers: map[string][]trigger{}, references: map[string][]reference{}, primary: map[string][]string{}, constraints: map[string]bool{}, indexes: map[string]string{}, domains: map[string]domain{}}
}

// Clone is a judge that knows what this one knows now.
func (j *Judge) Clone() *Judge {
	return &Judge{options: j.options, types: maps.Clone(j.types), partitioned: maps.Clone(j.partitioned), routines: maps.Clone(j.routines), triggers: maps.Clone(j.triggers),
		references: maps.Clone(j.references), primary: maps.Clone(j.primary), constraints: maps.Clone(j.constraints), indexes: maps.Clone(j.indexes), domains: maps.Clone(j.domains)}
}

// Result is what was found in one text.
type Result struct {
	Findings   []Finding
	Statements int
	Bodies     int // of functions that no statement of the file calls: they do not run
	Ignored    int // findings that a comment ignores
	Locks      []Lock
}

// Lock is a lock that a statement asks for, on a table in use.
type Lock struct {
	Statement int
	Offset    int    // in the text, in bytes
	Table     string // unknown where the text does not tell
	Stops     Kind   // BlocksReads (and writes), or BlocksWrites
}

// locksTable notes a lock.
func (f *file) locksTable(table string, stops Kind) {
	at := f.at.Offset
	if f.pinned != nil {
		at = *f.pinned
	}
	f.result.Locks = append(f.result.Locks, Lock{f.index, at, table, stops})
}

// file is one text while it is judged.
type file struct {
	*Judge
	result  Result
	fresh   map[string]bool // tables that this file makes: nobody uses them yet
	notNull map[string]bool // "t.c": a check says so, valid since this file
	checks  map[string]string
	values  []string // of enums, added in the open transaction
	locked  string   // table that the open transaction has locked
	stops   Kind     // what that lock stops
	begun   bool     // by a BEGIN of the file
	inside  bool     // in a transaction
	timeout map[string]bool
	added   map[string]bool // "t.c": a constraint of this file
	open    map[string]bool // "t.c": added NOT VALID in the open transaction
	whole   bool            // the runner sends the file in one piece
	bare    bool            // the file asks for no transaction around it
	perhaps bool            // it is in a transaction unless PostgreSQL refuses a statement there
	several bool            // statements
	warned  bool            // that there is no lock_timeout
	at      sqltext.Statement
	index   int
	shift   int  // from a place in the parsed text to one in the file
	pinned  *int // the place of all findings, while what runs stands elsewhere

	again    map[string]int  // the last statement that makes something of a name
	uncalled map[string]int  // routines that this file makes, by name
	judged   map[string]bool // triggers whose bodies were judged: "t name"
	calling  []string        // routines whose bodies are being judged

	templated bool // it is said that the file is a template
}

// Text judges a migration file. Only its way forward counts.
func (j *Judge) Text(text string) Result { return j.File("", text) }

// File is Text for a file with a name, which tells some runners.
func (j *Judge) File(name, text string) Result {
	r := runnerOf(name, text)
	f := j.file(j.options.InTransaction || r.transaction)
	f.bare, f.whole, f.perhaps = r.bare, r.whole, r.unless && !j.options.InTransaction
	if r.bare {
		f.inside = false
	}
	if sqltext.OnlyBack(text) {
		d := f.found("not-looked-into", "the file has a mark of the way back and none of the way forward: nothing of it is judged")
		d.Severity = Warning
		return f.result
	}
	return f.statements(sqltext.Split(sqltext.Forward(text)))
}

// Statements judges statements that run one after the other.
func (j *Judge) Statements(all []sqltext.Statement) Result {
	return j.file(j.options.InTransaction).statements(all)
}

func (j *Judge) file(inside bool) *file {
	return &file{Judge: j, inside: inside, fresh: map[string]bool{}, notNull: map[string]bool{}, checks: map[string]string{}, timeout: map[string]bool{}, added: map[string]bool{}, open: map[string]bool{}, uncalled: map[string]int{}, judged: map[string]bool{}, again: map[string]int{}}
}

func (f *file) statements(all []sqltext.Statement) Result {
	n := 0
	for _, st := range all {
		if st.SQL != "" {
			n++
		}
	}
	f.several = n > 1
	nodes := parsed(all)
	if f.perhaps && slices.ContainsFunc(nodes, func(t tree) bool { return refused(t.node) }) {
		f.inside = false
	}
	for i, t := range nodes {
		if name := made(t.node); name != "" {
			f.again[name] = i
		}
	}
	for i, st := range all {
		if st.SQL == "" {
			continue
		}
		f.at, f.index = st, i
		f.result.Statements++
		before := len(f.result.Findings)
		f.changeset(st.Comments)
		f.names()
		if nodes[i].template {
			f.template()
		}
		if n := nodes[i]; n.err != nil {
			f.broken(n.err)
		} else {
			f.shift = st.Offset - n.from
			f.judge(n.node)
		}
		f.ignore(before)
	}
	if f.begun {
		f.found("ban-uncommitted-transaction", "a BEGIN of this file has no COMMIT")
	}
	for _, n := range f.uncalled {
		f.result.Bodies += n
	}
	slices.SortStableFunc(f.result.Findings, func(a, b Finding) int { return a.Offset - b.Offset })
	return f.result
}

// tree is a parsed statement; from is where it begins in the parsed text.
type tree struct {
	node     pgsql.Node
	from     int
	err      error
	template bool
}

// parsed parses all statements at once, and one by one where that fails: one
// call for each would take twice the time.
func parsed(all []sqltext.Statement) []tree {
	trees := make([]tree, len(all))
	var b strings.Builder
	var which []int
	for i, st := range all {
		if st.SQL != "" {
			trees[i].from = b.Len()
			which = append(which, i)
			b.WriteString(st.SQL + "\n;\n")
		}
	}
	if statements, err := pgsql.Parse(b.String()); err == nil && len(statements) == len(which) {
		for k, i := range which {
			trees[i].node = statements[k].Node
		}
		return trees
	}
	for _, i := range which {
		trees[i] = parsedAlone(all[i].SQL)
	}
	return trees
}

func (f *file) broken(err error) {
	var e *pgsql.Error
	at := 0
	if errors.As(err, &e) && e.Deep {
		f.found("nested-too-deeply", err.Error())
		return
	}
	if e != nil && e.Position > 0 {
		n := 0 // the parser counts characters
		for i := range f.at.SQL {
			if n++; n == e.Position {
				at = i
			}
		}
	}
	f.foundAt("syntax-error", f.at.Offset+at, err.Error(), danger(MayFail, "PostgreSQL refuses it"))
}

func danger(kind Kind, message string) Hazard { return Hazard{kind, message, -1, -1} }

// found notes a finding at the start of the statement.
func (f *file) found(rule, message string, hazards ...Hazard) *Finding {
	return f.foundAt(rule, f.at.Offset, message, hazards...)
}

func (f *file) foundAt(rule string, offset int, message string, hazards ...Hazard) *Finding {
	r, ok := named(rule)
	if !ok {
		panic("no rule " + rule)
	}
	if f.pinned != nil {
		offset = *f.pinned
	}
	if n := len(f.calling); n > 0 {
		message = "in " + f.calling[n-1] + "(): " + message
	}
	f.result.Findings = append(f.result.Findings, Finding{Rule: r, Message: short(message), Hazards: hazards, Offset: offset, Statement: f.index, SQL: f.at.SQL})
	return &f.result.Findings[len(f.result.Findings)-1]
}

// place is a location of the parse tree in the text.
func (f *file) place(location int) int { return location + f.shift }

// on says which table a finding is about, and lets its size judge.
func (f *file) on(t *pgsql.RangeVar, d *Finding) *Finding {
	d.Table = short(tableName(t))
	if f.options.Size == nil {
		return d
	}
	s, ok := f.options.Size(t.Schemaname, t.Relname)
	if !ok || !slices.ContainsFunc(d.Hazards, func(h Hazard) bool {
		return h.Kind == Rewrite || h.Kind == Scan || h.Kind == IndexBuild
	}) {
		return d
	}
	for i := range d.Hazards {
		d.Hazards[i].Rows, d.Hazards[i].Bytes = s.Rows, s.Bytes
	}
	switch {
	case s.Bytes <= small:
		d.Severity = Notice
	case s.Bytes >= large && d.Severity == Warning:
		d.Severity = Error
	}
	return d
}

// A table of 8 MB is read in a tenth of a second, and written in less than one;
// one of 10 GB takes a minute at the least.
const (
	small = 8 << 20
	large = 10 << 30
)

func tableName(t *pgsql.RangeVar) string {
	if t == nil {
		return ""
	}
	if t.Schemaname != "" && t.Schemaname != "public" {
		return t.Schemaname + "." + t.Relname
	}
	return t.Relname
}

// isPartitioned says that the files or the database know a table or an index as
// partitioned.
func (f *file) isPartitioned(t *pgsql.RangeVar) bool {
	if t == nil {
		return false
	}
	return f.partitioned[tableName(t)] || f.options.Partitioned != nil && f.options.Partitioned(t.Schemaname, t.Relname)
}

// isFresh says that nobody uses a table yet.
func (f *file) isFresh(t *pgsql.RangeVar) bool {
	return t != nil && (t.Relpersistence == "t" || f.fresh[tableName(t)])
}

// names looks at the lengths of names, which the parser has cut already.
func (f *file) names() {
	scan := sqltext.NewScanner(f.at.SQL)
	for {
		t, ok := scan.Next()
		if !ok {
			return
		}
		name := f.at.SQL[t.From:t.To]
		if t.Kind == sqltext.Identifier {
			name = strings.Trim(name, `"`)
		}
		if (t.Kind == sqltext.Word || t.Kind == sqltext.Identifier) && len(name) > 63 {
			f.foundAt("identifier-too-long", f.at.Offset+t.From, fmt.Sprintf("%s is cut to %s", name, name[:63]), danger(Correctness, "the name is another one than what is written"))
		}
	}
}

var (
	ours   = regexp.MustCompile(`^--\s*migrator:ignore\s+([a-z0-9-]+)\s*(.*?)\s*$`)
	squawk = regexp.MustCompile(`^--\s*squawk-ignore\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)\s*$`)
	anyway = regexp.MustCompile(`^--\s*migrator:ignore\b`)
)

// ignore takes out what the comments before the statement say to ignore.
func (f *file) ignore(before int) {
	for _, c := range f.at.Comments {
		c = strings.TrimSpace(c)
		var rules []string
		if m := ours.FindStringSubmatch(c); m != nil && m[2] != "" {
			rules = []string{m[1]}
		} else if anyway.MatchString(c) {
			f.found("unused-ignore", "it has no effect: write -- migrator:ignore RULE and the reason")
			continue
		} else if m := squawk.FindStringSubmatch(c); m != nil {
			rules = strings.FieldsFunc(m[1], func(r rune) bool { return r == ',' || r == ' ' })
		}
		for _, rule := range rules {
			rest := slices.DeleteFunc(slices.Clone(f.result.Findings[before:]), func(d Finding) bool { return d.Name == rule })
			n := len(f.result.Findings) - before - len(rest)
			f.result.Findings = append(f.result.Findings[:before], rest...)
			f.result.Ignored += n
			if _, ok := named(rule); !ok {
				f.found("unused-ignore", "there is no rule "+rule)
			} else if n == 0 {
				f.found("unused-ignore", rule+" finds nothing here")
			}
		}
	}
}
