package migdir

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/shared/problem"
)

var (
	liquibaseHead = regexp.MustCompile(`(?i)^\s*--\s*liquibase\s+formatted\s+sql\b`)
	changeset     = regexp.MustCompile(`(?i)^\s*--\s*changeset\s+([^:\s]+):(\S+)(.*)$`)
	rollbackLine  = regexp.MustCompile(`(?i)^\s*--\s*rollback\b[ \t]?(.*)$`)
	notKnown      = regexp.MustCompile(`(?i)^\s*--\s*(preconditions?|property|validCheckSum|ignoreLines)\b`)
	otherDBMS     = regexp.MustCompile(`(?i)\bdbms:("[^"]*"|\S+)`)
	attribute     = regexp.MustCompile(`(\w+):("[^"]*"|\S+)`)
)

// liquibase are the changesets of formatted SQL files, file by file. A master
// changelog in XML or YAML is not read.
func (r *reader) liquibase() error {
	if r.ask.Labels != "" {
		if _, err := holds(r.ask.Labels, func(string) bool { return false }); err != nil {
			return problem.New("write names with and, or, not and parentheses", "--label-filter: %v", err)
		}
	}
	for _, name := range r.sql() {
		if !liquibaseHead.MatchString(r.texts[name]) {
			r.leftOut(name, "it does not begin with --liquibase formatted sql")
			continue
		}
		if err := r.changesets(name); err != nil {
			return err
		}
	}
	return nil
}

// change is one changeset while its file is read.
type change struct {
	id, attributes string
	up, back       []string // the file's lines, blank where they are no part of it
	line           int
	wrong          error
}

// changesets parts a file. Each changeset becomes a text of the same length, so that
// places stay.
func (r *reader) changesets(name string) error {
	lines := strings.SplitAfter(strings.ReplaceAll(r.texts[name], "\r\n", "\n"), "\n")
	var all []*change
	var now *change
	for i, line := range lines {
		if m := changeset.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
			now = &change{id: m[1] + ":" + m[2], attributes: m[3], line: i + 1}
			all = append(all, now)
			continue
		}
		if now == nil {
			continue
		}
		if notKnown.MatchString(line) && now.wrong == nil {
			now.wrong = problem.New("write it without, or run it with Liquibase", "migrator does not know %s", strings.TrimSpace(line)).In(r.path(name), i+1, 0)
		}
		if m := rollbackLine.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
			if word := strings.ToLower(strings.TrimSpace(m[1])); word != "empty" && word != "not required" {
				now.put(&now.back, lines, i, strings.Repeat(" ", len(strings.TrimRight(line, "\n"))-len(m[1]))+m[1]+"\n")
			} else {
				now.put(&now.back, lines, i, "")
			}
			continue
		}
		now.put(&now.up, lines, i, line)
	}
	for _, c := range all {
		if m := otherDBMS.FindStringSubmatch(c.attributes); m != nil && !strings.Contains(strings.ToLower(m[1]), "postgresql") {
			r.leftOut(name+"::"+c.id, "it is for "+m[1])
			continue
		}
		m := r.changeset(name, c, lines)
		why, err := r.wanted(c)
		if err != nil && m.Wrong == nil {
			m.Wrong = problem.New("write names with and, or, not and parentheses", "%v", err).In(m.Path, c.line, 0)
		}
		if why != "" && err == nil {
			r.leftOut(name+"::"+c.id, why)
			r.dir.Passed = append(r.dir.Passed, m.Name)
			continue
		}
		r.dir.Migrations = append(r.dir.Migrations, m)
	}
	return nil
}

// put puts a line at its place.
func (c *change) put(into *[]string, lines []string, at int, line string) {
	for i := len(*into); i < at; i++ {
		*into = append(*into, blank(lines[i]))
	}
	if line == "" {
		line = blank(lines[at])
	}
	*into = append(*into, line)
}

func blank(line string) string {
	return strings.Repeat(" ", len(strings.TrimRight(line, "\n"))) + line[len(strings.TrimRight(line, "\n")):]
}

// read are the attributes by their names.
func (c *change) read() map[string]string {
	all := map[string]string{}
	for _, a := range attribute.FindAllStringSubmatch(c.attributes, -1) {
		all[strings.ToLower(a[1])] = strings.Trim(a[2], `"`)
	}
	return all
}

// wanted says why a changeset is not asked for; "" is that it is.
func (r *reader) wanted(c *change) (why string, err error) {
	all := c.read()
	context := cmp.Or(all["contextfilter"], all["context"])
	if ok, err := inContexts(context, r.ask.Contexts); err != nil || !ok {
		return "its context is " + context, err
	}
	if ok, err := byLabels(r.ask.Labels, all["labels"]); err != nil || !ok {
		return "its labels are " + all["labels"], err
	}
	return "", nil
}

func (r *reader) changeset(name string, c *change, lines []string) *Migration {
	m := &Migration{Version: name + "::" + c.id, Title: c.id, Name: name + "::" + c.id, Path: r.path(name)}
	attributes := c.read()
	m.Repeatable = strings.EqualFold(attributes["runonchange"], "true")
	alone := strings.EqualFold(attributes["runintransaction"], "false")
	text := strings.Join(lines, "")
	m.Up, m.Wrong = migfile.Part(m.Path, text, strings.Join(c.up, ""), m.Name, alone)
	if len(c.back) > 0 {
		if m.Down, m.WrongBack = migfile.Part(m.Path, text, strings.Join(c.back, ""), m.Name+migfile.BackWord, alone); m.Down != nil {
			m.Down.Undoes = m.Name
		}
	}
	for _, odd := range []string{"runalways", "enddelimiter", "runwith"} {
		if v, ok := attributes[odd]; ok && !strings.EqualFold(v, "false") && c.wrong == nil {
			c.wrong = problem.New("run it with Liquibase, or write it without", "migrator does not know %s:%s of a changeset", odd, v).In(m.Path, c.line, 0)
		}
	}
	if c.wrong != nil {
		m.Wrong = c.wrong
	}
	return m
}
