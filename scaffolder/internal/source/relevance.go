package source

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
)

// uses is who imports whom, as far as files were looked at.
type uses struct {
	of       map[string][]string // file -> files that import it
	seen     map[string]bool
	relevant map[string]bool // files that lead to a framework
	loaded   int             // how many files were loaded when they were looked at
}

func newUses() uses {
	return uses{of: map[string][]string{}, seen: map[string]bool{}, relevant: map[string]bool{}}
}

// Relevant says whether a file, or one that it imports, uses a framework: calls of
// functions in others register nothing unless they are given something that does.
func (l *loader) Relevant(path string) bool {
	l.mu.Lock()
	var fresh []string
	if len(l.files) != l.uses.loaded {
		l.uses.loaded = len(l.files)
		for file := range l.files {
			if !l.uses.seen[file] {
				fresh = append(fresh, file)
			}
		}
	}
	l.mu.Unlock()
	slices.Sort(fresh)
	l.look(fresh)
	return l.uses.relevant[path]
}

// look reads what files mention, and goes on with the files that they mention.
func (l *loader) look(paths []string) {
	u := &l.uses
	for _, path := range paths {
		u.seen[path] = true
	}
	for i := 0; i < len(paths); i++ {
		path := paths[i]
		for _, specifier := range mentioned(l.text(path)) {
			switch r := l.project.Resolve(path, specifier); {
			case r.Kind == project.Source:
				u.of[r.File] = append(u.of[r.File], path)
				if u.relevant[r.File] {
					u.mark(path)
				}
				if !u.seen[r.File] && project.IsSource(r.File) {
					u.seen[r.File] = true
					paths = append(paths, r.File)
				}
			case isFramework(r.Package):
				u.mark(path)
			}
		}
	}
}

// mark notes that a file leads to a framework, and so those that import it.
func (u *uses) mark(path string) {
	queue := []string{path}
	for len(queue) > 0 {
		path, queue = queue[0], queue[1:]
		if u.relevant[path] {
			continue
		}
		u.relevant[path] = true
		queue = append(queue, u.of[path]...)
	}
}

// text is the source of a file, without a tree of it.
func (l *loader) text(path string) string {
	l.mu.Lock()
	f := l.files[path]
	l.mu.Unlock()
	if f != nil {
		<-f.done
		if f.file != nil {
			return f.file.Source
		}
		return ""
	}
	data, err := l.project.Read(path)
	if err != nil {
		return ""
	}
	return string(data)
}

// mentioned are the specifiers that a source may import: texts behind from, import and
// require.
func mentioned(source string) []string {
	var out []string
	for _, word := range []string{"from", "import", "require"} {
		rest := source
		for {
			i := strings.Index(rest, word)
			if i < 0 {
				break
			}
			rest = rest[i+len(word):]
			after := strings.TrimLeft(rest, " \t\r\n(")
			if after == "" || after[0] != '"' && after[0] != '\'' && after[0] != '`' {
				continue
			}
			if end := strings.IndexByte(after[1:], after[0]); end > 0 && end < 200 {
				out = append(out, after[1:1+end])
			}
		}
	}
	return out
}

func isFramework(name string) bool {
	switch name {
	case "http", "https", "http2", "express", "fastify", "koa", "@koa/router", "koa-router", "fastify-plugin", "@fastify/autoload", "fastify-autoload",
		"express-promise-router", "router", "express-ws", "ultimate-express", "hyper-express", "koa-mount", "koa-compose", "koa-joi-router":
		return true
	}
	return strings.HasPrefix(name, "@fastify/")
}
