package report

import "time"

// Report is what a tool has to say, in no particular form. A tool fills it
// once; Write renders it in any Format.
//
// Everything that came from outside (URLs, names, SQL, error texts) is put in
// as it is, with secrets already taken out: the renderers escape it for their
// form.
type Report struct {
	// Schema names the JSON form, e.g. "loadtester.run"; Version counts its
	// incompatible changes, from 1.
	Schema  string
	Version int

	// Tool is the program and its version, e.g. "loadtester v1.2.0".
	Tool string

	Title string // "Load Test Results"
	// Date is when what is reported was so, which the html form says; zero: when it
	// is written.
	Date time.Time
	// Head is what was asked: the target, the settings. Each element is one
	// line of text; facts of one line are parted by " | ".
	Head    [][]Fact
	Verdict Verdict
	// Checks are what was expected, one by one. The forms for CI name each of them;
	// the others show them where a Section has them.
	Checks   []Check
	Sections []Section
	// Findings come worst first; FindingsTitle heads them ("RECOMMENDATION").
	Findings      []Finding
	FindingsTitle string
	// Elapsed is how long what is reported took; 0: nothing to tell.
	Elapsed time.Duration
	// Method says how it was measured and where the method ends.
	Method []Fact

	// Data is the promise to programs: a struct or map that marshals to a JSON
	// object. Its keys stand beside schema, version, tool, verdict, summary and
	// findings; a key of Data that has one of these names wins, except schema
	// and version.
	Data any
}

// Status is how an outcome is judged. The zero value judges nothing.
type Status int

const (
	Neutral Status = iota
	Pass
	Warn
	Fail
)

func (s Status) String() string {
	switch s {
	case Pass:
		return "pass"
	case Warn:
		return "warn"
	case Fail:
		return "fail"
	}
	return "neutral"
}

// Verdict is the report in one line: what was asked, what came out.
type Verdict struct {
	Status Status
	Word   string // "VALID", "PASS", "GENERATOR-LIMITED"; empty: no verdict
	Text   string // "15,247 of 15,247 requests sent, p99 123 ms"
}

// Check is one expectation and what came of it.
type Check struct {
	Name string // as the user wrote it: "p99<200ms"
	Want string
	Got  string
	Pass bool
}

// Fact is a label with a value that is already formatted: see Count, Percent,
// Significant.
type Fact struct {
	Label string
	Value string
}

// Section is a headed part of the figures. Heading is written as in the
// sentence "Missing indexes"; the text form puts it in capitals.
type Section struct {
	Heading string
	// Note stands behind the heading in parentheses: "5 found".
	Note   string
	Blocks []Block
	// Folded asks forms that can fold (markdown, html) to show it closed.
	Folded bool
}

// Block is one of Facts, Table, List, Code, Prose, Plot.
type Block interface{ block() }

type (
	// Facts are labelled values, one a line.
	Facts []Fact

	// Table has one header row. Rows may be shorter than Columns.
	Table struct {
		Caption string
		Columns []Column
		Rows    [][]Cell
	}

	// List is a list of lines; an Ordered one is numbered from 1.
	List struct {
		Ordered bool
		Items   []string
	}

	// Code is shown as it is: SQL, a command, a diff.
	Code struct {
		Language string // "sql", "sh", "diff", "ts"
		Text     string
	}

	// Prose is one paragraph; renderers wrap it.
	Prose string

	// Plot is a picture that stands for figures. Only the html form draws it;
	// the other forms leave it out, so its figures stand in a Table or Facts
	// as well.
	Plot struct {
		Title string // says what to see: "p99 rises after 40 s"
		Alt   string // the text alternative
		// SVG is a whole <svg> element made by the program itself. Texts from
		// outside that stand in it were escaped by whoever made it.
		SVG []byte
	}
)

func (Facts) block() {}
func (Table) block() {}
func (List) block()  {}
func (Code) block()  {}
func (Prose) block() {}
func (Plot) block()  {}

// Column heads a column of a Table.
type Column struct {
	Title string
	Right bool // numbers stand to the right
}

// Cell is a formatted value. Share, in (0, 1], draws a bar behind the cell in
// the html form. Status colours it where there is colour; the words of the
// cell say the same.
type Cell struct {
	Text   string
	Share  float64
	Status Status
}

// Row makes plain cells.
func Row(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, t := range texts {
		cells[i] = Cell{Text: t}
	}
	return cells
}

// Severity orders findings, worst first.
type Severity int

const (
	Error Severity = iota
	Warning
	Notice
)

func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	}
	return "notice"
}

// Finding is something that the reader should know or do.
type Finding struct {
	Rule     string // stable, kebab-case: "missing-index"
	Severity Severity
	// Label stands before the title for people, where the tool has words of its
	// own for how bad it is; "" is FindingsTitle or the severity's word.
	Label    string
	Title    string   // one line
	Evidence []string // figures that show it, one a line
	Advice   string   // what to do
	Command  string   // the exact command or statement, where there is one
	Language string   // of Command: "sh" when empty
	At       Position // where in a file, if anywhere
}

// Position is a place in a file. Line and Column count from 1; 0 is unknown.
type Position struct {
	File   string
	Line   int
	Column int
}

// label is the word for how bad a finding is.
func (f Finding) label() string {
	if f.Label != "" {
		return f.Label
	}
	return f.Severity.String()
}
