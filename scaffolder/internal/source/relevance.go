package source

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
)

// Relevant says whether a file, or one that it imports, uses a framework: calls of
// functions in others register nothing unless they are given something that does.
func (l *loader) Relevant(path string) bool {
	l.mu.Lock()
	count := len(l.files)
	known := l.relevant
	if known != nil && l.known == count {
		defer l.mu.Unlock()
		return known[path]
	}
	l.mu.Unlock()
	l.findRelevant()
	return l.relevant[path]
}

// findRelevant goes from the files that import a framework back to those that import them.
func (l *loader) findRelevant() {
	l.mu.Lock()
	paths := make([]string, 0, len(l.files))
	for path := range l.files {
		paths = append(paths, path)
	}
	l.mu.Unlock()
	users := map[string][]string{} // file -> files that import it
	relevant := map[string]bool{}
	var queue []string
	seen := map[string]bool{}
	for _, path := range paths {
		seen[path] = true
	}
	for i := 0; i < len(paths); i++ {
		path := paths[i]
		file, err := l.Parse(path)
		if err != nil || file == nil {
			continue
		}
		for _, specifier := range mentioned(file.Source) {
			switch r := l.project.Resolve(path, specifier); {
			case r.Kind == project.Source:
				users[r.File] = append(users[r.File], path)
				if !seen[r.File] && project.IsSource(r.File) {
					seen[r.File] = true
					paths = append(paths, r.File)
				}
			case isFramework(r.Package) && !relevant[path]:
				relevant[path] = true
				queue = append(queue, path)
			}
		}
	}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		for _, user := range users[path] {
			if !relevant[user] {
				relevant[user] = true
				queue = append(queue, user)
			}
		}
	}
	l.mu.Lock()
	l.relevant, l.known = relevant, len(paths)
	l.mu.Unlock()
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
