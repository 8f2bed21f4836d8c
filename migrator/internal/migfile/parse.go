package migfile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// File is a migration as it is run.
type File struct {
	Path     string
	Name     string  // in the history
	Undoes   string  // the name of the migration that it takes back, or ""
	Text     string  // as it is run: without what editors add, and with its values
	Source   string  // Text as it was written, without values
	Raw      string  // as it lies on disk
	SHA256   string  // of its way forward, in hex; line ends do not count
	Planned  Planned // the schema that it is for
	Segments []Segment
}

// Segment is a run of statements in one transaction, or outside of any.
type Segment struct {
	Transactional bool
	Begin         string // the file's own BEGIN, with its options; "" where it has none
	Statements    []sqltext.Statement
}

// Statements counts all statements.
func (f *File) Statements() int {
	n := 0
	for _, s := range f.Segments {
		n += len(s.Statements)
	}
	return n
}

// Commands counts the statements that are no settings (SET, RESET): what a
// reader would count.
func (f *File) Commands() int {
	n := 0
	for _, s := range f.Segments {
		for _, st := range s.Statements {
			if !Setting(st.SQL) {
				n++
			}
		}
	}
	return n
}

// Prefix is the SHA-256 of the first n statements, in hex: what a file that was
// cut off must still begin with.
func (f *File) Prefix(n int) string {
	h := sha256.New()
	for _, s := range f.Segments {
		for _, st := range s.Statements {
			if n--; n < 0 {
				return hex.EncodeToString(h.Sum(nil))
			}
			h.Write([]byte(st.SQL + ";"))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Parse reads a migration file. BEGIN and COMMIT in it part it in segments. In
// a file without them everything runs in one transaction, except for what
// PostgreSQL refuses there, and in files that ask goose, dbmate or sql-migrate for
// none. Of files that hold both ways, as theirs do, only the way forward counts.
func Parse(path, text string) (*File, error) { return ParseAs(path, text, As{}) }

// As is what is known of a file besides its text.
type As struct {
	Alone  bool   // something beside it says that it wants no transaction around it
	Rerun  bool   // it is run again when its values change
	Plain  bool   // what looks like a placeholder is none
	Values Values // that are put into it
}

// ParseAs is Parse with what is known of the file.
func ParseAs(path, raw string, as As) (*File, error) {
	source := plainText(raw)
	if sqltext.OnlyBack(source) {
		return nil, problem.New("begin it with -- +goose Up or -- migrate:up, or take the mark out", "it has a mark of the way back (Down), and none of the way forward (Up)").In(path, 0, 0)
	}
	text, err := as.fill(path, source)
	if err != nil {
		return nil, err
	}
	f := &File{Path: path, Text: text, Source: source, Raw: raw, SHA256: Sum(sqltext.ForwardPart(source))}
	if as.Rerun {
		f.Raw, f.SHA256 = text, Sum(text)
	}
	f.Name, f.Undoes = called(f)
	f.Planned = readPlanned(text)
	return f, f.split(sqltext.Forward(text), as.Alone || sqltext.Untransacted(text))
}

func (as As) fill(path, text string) (string, error) {
	return as.Values.fill(path, text, !as.Plain && flywayFile.MatchString(filepath.Base(path)))
}

// ParseBack reads the way back of a file that holds both ways; nil where it has
// none. In the history it is called by the name of the file, with a word.
func ParseBack(path, raw string, as As) (*File, error) {
	source := plainText(raw)
	back, ok := sqltext.Backward(source)
	if !ok {
		return nil, nil
	}
	text, err := as.fill(path, source)
	if err != nil {
		return nil, err
	}
	f := &File{Path: path, Text: text, Source: source, SHA256: Sum(back)}
	name, _ := called(f)
	f.Name, f.Undoes = name+BackWord, name
	back, _ = sqltext.Backward(text)
	return f, f.split(back, sqltext.UntransactedBack(text))
}

// Part reads a piece of a file as a migration of its own. only is the text with
// blanks in place of all that is no part of it.
func Part(path, text, only, name string, alone bool) (*File, error) {
	f := &File{Path: path, Text: plainText(text), Source: plainText(text), Name: name, SHA256: Sum(strings.Join(strings.Fields(only), " "))}
	return f, f.split(plainText(only), alone)
}

// BackWord stands behind a file's name where its own way back is meant.
const BackWord = " (way back)"

// plainText is a text without what editors add and nobody means: a byte order
// mark, and the carriage returns of Windows.
func plainText(text string) string {
	return strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
}

// Sum is the SHA-256 of a text, in hex. Line ends do not count.
func Sum(text string) string {
	sum := sha256.Sum256([]byte(plainText(text)))
	return hex.EncodeToString(sum[:])
}

// called is the name of a file in the history, and that of the file that it takes back.
// What came from standard input has no name, and is called by its content: two of
// them are two migrations.
func called(f *File) (name, undoes string) {
	if f.Path == Stdin {
		return "stdin-" + f.SHA256[:12], ""
	}
	name = filepath.Base(f.Path)
	for _, p := range [][2]string{{"_rollback.sql", ".sql"}, {".down.sql", ".up.sql"}} {
		if base, ok := strings.CutSuffix(name, p[0]); ok {
			return name, base + p[1]
		}
	}
	return name, ""
}

// split parts the text into segments.
func (f *File) split(text string, alone bool) error {
	p := parser{file: f, alone: alone}
	for _, st := range sqltext.Split(text) {
		if err := p.take(st); err != nil {
			return err
		}
	}
	if p.block != nil {
		return p.fail(*p.block, "end it with COMMIT;", "this BEGIN has no COMMIT")
	}
	if len(p.settings) > 0 { // nothing follows that they belong to
		f.Segments = append(f.Segments, Segment{Statements: p.settings})
	}
	return nil
}

type parser struct {
	file  *File
	block *sqltext.Statement // the BEGIN that is open
	open  bool               // the last segment may grow
	alone bool               // the file asks for no transaction around it
	// settings wait for the segment that they belong to.
	settings []sqltext.Statement
}

func (p *parser) fail(st sqltext.Statement, hint, message string) error {
	line, column := sqltext.Position(p.file.Text, st.Offset)
	return problem.New(hint, "%s", message).In(p.file.Path, line, column)
}

func (p *parser) take(st sqltext.Statement) error {
	if st.Meta != "" {
		if harmless(st.Meta) {
			return nil
		}
		return p.fail(st, "run it with psql, or write plain SQL", "a migration cannot use psql's "+strings.Fields(st.Meta)[0])
	}
	if st.OpenEnded {
		return p.fail(st, "", "the text ends within a string, a quoted name or a comment")
	}
	if st.Copy != "" || copiesFromStdin(st.SQL) {
		return p.fail(st, "write INSERT statements", "a migration cannot hold COPY … FROM stdin")
	}
	switch transactionWord(st.SQL) {
	case "begin":
		if p.block != nil {
			return p.fail(st, "end the transaction before with COMMIT;", "BEGIN within a transaction")
		}
		p.block = &st
		p.file.Segments = append(p.file.Segments, Segment{Transactional: true, Begin: st.SQL, Statements: p.settings})
		p.settings, p.open = nil, false
		return nil
	case "commit":
		if p.block == nil {
			return p.fail(st, "write BEGIN; where it starts, or leave both out", "COMMIT without BEGIN")
		}
		p.block = nil
		return nil
	case "chain":
		return p.fail(st, "write COMMIT; and BEGIN;", "a migration cannot use COMMIT AND CHAIN")
	case "prepare":
		return p.fail(st, "write COMMIT;", "a migration cannot leave a prepared transaction behind")
	case "rollback":
		return p.fail(st, "take it out", "a migration cannot roll itself back")
	}
	if p.block != nil {
		if NonTransactional(st.SQL) {
			return p.fail(st, "put it outside of BEGIN and COMMIT", "PostgreSQL refuses this statement in a transaction: "+firstWords(st.SQL))
		}
		last := &p.file.Segments[len(p.file.Segments)-1]
		last.Statements = append(last.Statements, st)
		return nil
	}
	p.loose(st)
	return nil
}

// loose is a statement outside of BEGIN and COMMIT. A session's setting goes
// with what follows or went before, in a transaction or not.
func (p *parser) loose(st sqltext.Statement) {
	if SessionSetting(st.SQL) && !p.open {
		p.settings = append(p.settings, st)
		return
	}
	alone := p.alone || NonTransactional(st.SQL)
	last := len(p.file.Segments) - 1
	if !p.open || !SessionSetting(st.SQL) && p.file.Segments[last].Transactional == alone {
		p.file.Segments = append(p.file.Segments, Segment{Transactional: !alone, Statements: p.settings})
		p.settings, p.open = nil, true
		last++
	}
	p.file.Segments[last].Statements = append(p.file.Segments[last].Statements, st)
}

func harmless(meta string) bool {
	switch name, _, _ := strings.Cut(meta, " "); name {
	case `\restrict`, `\unrestrict`, `\echo`, `\set`, `\pset`, `\timing`, `\x`, `\encoding`, `\qecho`:
		return true
	}
	return false
}

func firstWords(sql string) string {
	return strings.ToUpper(strings.Join(sqltext.Words(sql, 3), " "))
}

// Stdin is the path of a migration that was read from standard input.
const Stdin = "<stdin>"

// Read reads a migration file from disk; "-" is standard input.
func Read(path string, stdin io.Reader, as As) (*File, error) {
	var text []byte
	var err error
	if path == "-" {
		path = Stdin
		text, err = io.ReadAll(stdin)
	} else {
		text, err = os.ReadFile(path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, problem.Wrap(err, "give the path of a migration file", "%s does not exist", path)
	case errors.Is(err, fs.ErrPermission):
		return nil, problem.Wrap(err, "check its permissions", "%s cannot be read: permission denied", path)
	case err != nil && isFolder(path):
		return nil, problem.Wrap(err, "name one file in it", "%s is a folder", path)
	case err != nil:
		return nil, problem.Wrap(err, "", "%s cannot be read: %v", path, err)
	}
	f, err := ParseAs(path, string(text), as)
	if err == nil && f.Statements() == 0 {
		return nil, problem.New("", "there is no statement in it").In(path, 0, 0)
	}
	return f, err
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// First is the file up to its first n statements.
func (f *File) First(n int) *File { return f.cut(func(at int) bool { return at < n }) }

// From is the file without its first n statements. Settings of the session stay.
func (f *File) From(n int) *File { return f.cut(func(at int) bool { return at >= n }) }

func (f *File) cut(keep func(at int) bool) *File {
	part := *f
	part.Segments = nil
	at := 0
	for _, s := range f.Segments {
		var kept []sqltext.Statement
		for _, st := range s.Statements {
			if keep(at) || SessionSetting(st.SQL) {
				kept = append(kept, st)
			}
			at++
		}
		if s.Statements = kept; len(kept) > 0 {
			part.Segments = append(part.Segments, s)
		}
	}
	return &part
}
