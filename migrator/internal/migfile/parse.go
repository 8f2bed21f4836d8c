package migfile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// File is a migration as it is run.
type File struct {
	Path     string
	Text     string
	SHA256   string // of the text, in hex
	Segments []Segment
}

// Segment is a run of statements in one transaction, or outside of any.
type Segment struct {
	Transactional bool
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
func Parse(path, text string) (*File, error) {
	sum := sha256.Sum256([]byte(text))
	p := parser{file: &File{Path: path, Text: text, SHA256: hex.EncodeToString(sum[:])}, alone: sqltext.Untransacted(text)}
	if sqltext.OnlyBack(text) {
		return nil, problem.New("begin it with -- +goose Up or -- migrate:up, or take the mark out", "it has a mark of the way back (Down), and none of the way forward (Up)").In(path, 0, 0)
	}
	for _, st := range sqltext.Split(sqltext.Forward(text)) {
		if err := p.take(st); err != nil {
			return nil, err
		}
	}
	if p.block != nil {
		return nil, p.fail(*p.block, "end it with COMMIT;", "this BEGIN has no COMMIT")
	}
	return p.file, nil
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
		p.file.Segments = append(p.file.Segments, Segment{Transactional: true, Statements: p.settings})
		p.settings, p.open = nil, false
		return nil
	case "commit":
		if p.block == nil {
			return p.fail(st, "write BEGIN; where it starts, or leave both out", "COMMIT without BEGIN")
		}
		p.block = nil
		return nil
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
func Read(path string, stdin io.Reader) (*File, error) {
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
	f, err := Parse(path, string(text))
	if err == nil && f.Statements() == 0 {
		return nil, problem.New("", "there is no statement in it").In(path, 0, 0)
	}
	return f, err
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
