package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/redact/slips"
	"github.com/seniorbackend/tools/shared/terminal"
)

// mistake is a command line with a secret where it does not belong, or where it
// belongs and something else is wrong. SECRET stands for it, DIR for a folder of its
// own.
type mistake struct {
	args  string // words are separated by one blank; _ is a blank within a word
	files map[string]string
	env   string // NAME=VALUE
}

const smallDocument = "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: a}}}}}\n"

var mistakes = []mistake{
	{args: "generate DIR/a.yaml --output postgres://u:SECRET@h/d"},
	{args: "generate DIR/a.yaml --output postgres://u:SECRET@h/routes"},
	{args: "generate DIR/a.yaml --output password=SECRET"},
	{args: "generate DIR/a.yaml --report json=postgres://u:SECRET@h/d"},
	{args: "generate DIR/a.yaml --report postgres://u:SECRET@h/d"},
	{args: "generate DIR/a.yaml --root postgres://u:SECRET@h/d"},
	{args: "generate DIR/a.yaml --base-path postgres://u:SECRET@h/d --dry-run"},
	{args: "generate DIR/a.yaml --max-size postgres://u:SECRET@h/d"},
	{args: "generate DIR/a.yaml --validator postgres://u:SECRET@h/d"},
	{args: "generate https://u:SECRET@127.0.0.1:1/a.yaml"},
	{args: "generate DIR/a.yaml?token=SECRET"},
	{args: "generate DIR/a.yaml --framework=express --conection=postgres://u:SECRET@h/d"},
	{args: "database postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "database postgres://u:SECRET@127.0.0.1:port/d --output DIR/o"},
	{args: "database host=127.0.0.1_port=1_password='SECRET"},
	{args: "database host=127.0.0.1_port=1_user=u_password=SECRET_bogus=1"},
	{args: "database postgres://u:SECRET@127.0.0.1:1/d --tables postgres://u:SECRET@h/d --spec-only"},
	{args: "database postgres://u:SECRET@127.0.0.1:1/d --title postgres://u:SECRET@h/d"},
	{args: "database postgres://u:SECRET@127.0.0.1:1/d --roles postgres://u:SECRET@h/d"},
	{args: "database --output postgres://u:SECRET@h/d"},
	{args: "database", env: "DATABASE_URL=postgres://u:SECRET@127.0.0.1:port/d"},
	{args: "database", env: "DATABASE_URL='postgres://u:SECRET@127.0.0.1:1/d'"},
	{args: "database postgres://u@127.0.0.1:1/d", env: "PGPASSWORD=SECRET"},
	{args: "database postgres:///d?host=127.0.0.1&port=1&user=u&password=SECRET"},
	{args: "database postgres://u:SECRET@127.0.0.1:1/d --format json"},
	{args: "database postgres://u:SECRET@127.0.0.1:1/d --format github --check"},
	{args: "generate DIR/a.yaml", env: "SCAFFOLDER_OUTPUT=postgres://u:SECRET@h/d"},
	{args: "generate DIR/a.yaml", env: "SCAFFOLDER_FRAMEWORK=postgres://u:SECRET@h/d"},
	{args: "generate DIR/a.yaml", env: "SCAFFOLDER_REPORT=json=postgres://u:SECRET@h/d"},
	{args: "generate DIR/a.yaml", env: "SCAFFOLDER_CONFIG=postgres://u:SECRET@h/d"},
	{args: "generate DIR/a.yaml --config DIR/c.yaml", files: map[string]string{"c.yaml": "output: *SECRET\n"}},
	{args: "generate DIR/a.yaml --config DIR/c.yaml", files: map[string]string{"c.yaml": "connection: postgres://u:SECRET@h/d\n"}},
	{args: "generate DIR/a.yaml --config DIR/c.yaml", files: map[string]string{"c.yaml": "postgres://u:SECRET@h/d\n"}},
	{args: "generate DIR/a.yaml --config DIR/c.yaml", files: map[string]string{"c.yaml": "framework: postgres://u:SECRET@h/d\n"}},
	{args: "generate DIR/a.yaml --config DIR/c.yaml", files: map[string]string{"c.yaml": "generate:\n  password: SECRET\n"}},
	{args: "generate DIR/a.yaml --config DIR/c.yaml", files: map[string]string{"c.yaml": "output: {password: SECRET}\n"}},
	{args: "generate DIR/a.yaml --config DIR/c.yaml", files: map[string]string{"c.yaml": "password: 'SECRET\n"}},
	{args: "generate DIR/.env", files: map[string]string{".env": "DATABASE_URL=postgres://u:SECRET@h/d\nTOKEN=SECRET\n"}},
	{args: "generate DIR/s.yaml", files: map[string]string{"s.yaml": "postgres://u:SECRET@h/d\n"}},
	{args: "generate DIR/s.yaml", files: map[string]string{"s.yaml": "openapi: postgres://u:SECRET@h/d\npaths: {}\n"}},
	{args: "generate DIR/s.yaml --dry-run", files: map[string]string{"s.yaml": "openapi: 3.0.0\nservers: [{url: 'http://u:SECRET@h:port/'}]\ninfo: {title: a, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: a}}}}}\n"}},
	{args: "generate DIR/s.yaml", files: map[string]string{"s.yaml": strings.Replace(smallDocument, "description: a", "$ref: 'http://u:SECRET@127.0.0.1:1/x.yaml'", 1)}},
	{args: "generate DIR/s.yaml", files: map[string]string{"s.yaml": strings.Replace(smallDocument, "description: a", "$ref: 'x.yaml?token=SECRET'", 1)}},
	{args: "generate DIR/s.json", files: map[string]string{"s.json": `{"openapi": "3.0.0", "password": "SECRET`}},
	{args: "generate postgres://u:SECRET@h/d --output DIR/o"},
	{args: "spec postgres://u:SECRET@h/d"},
	{args: "spec DIR/server.ts --output postgres://u:SECRET@h/d", files: map[string]string{"server.ts": "import express from 'express';\nconst app = express();\napp.get('/a', (q, r) => r.json({}));\n"}},
	{args: "spec DIR/server.ts --verify --output DIR/o.yaml", env: "API_TOKEN=SECRET", files: map[string]string{"server.ts": "throw new Error('token ' + process.env.API_TOKEN)\n"}},
	{args: "spec DIR/server.js --verify --output DIR/o.yaml", env: "DATABASE_URL=postgres://u:SECRET@h/d", files: map[string]string{"server.js": "console.error(process.env.DATABASE_URL); throw new Error(process.env.DATABASE_URL)\n"}},
	{args: "completion postgres://u:SECRET@h/d"},
	{args: "man postgres://u:SECRET@h/d"},
	{args: "--version postgres://u:SECRET@h/d"},
	{args: "--from-db postgres://u:SECRET@127.0.0.1:1/d --framework koa"},
	{args: "--openapi postgres://u:SECRET@h/d --framework express"},
	{args: "generate DIR/a.yaml --templates postgres://u:SECRET@h/d --output DIR/o"},
	{args: "database DIR/postgres://u:SECRET@h/d"},
	{args: "database jdbc:postgresql://127.0.0.1:1/d?user=u&password=SECRET"},
	{args: "database postgres%3A%2F%2Fu%3ASECRET%40h%2Fd"},
	{args: "database -p SECRET --password=SECRET postgres://u@h/d"},
	{args: "database postgres://u:SECRET@127.0.0.1:1/d --schema postgres://u:SECRET@h --exclude token=SECRET --read-only pw=SECRET"},
}

// TestNoMistakeShowsItsSecret: nor does it in a report or another file that is written
// by the way.
func TestNoMistakeShowsItsSecret(t *testing.T) {
	for _, m := range mistakes {
		t.Run(strings.ReplaceAll(m.args, "/", "|"), func(t *testing.T) {
			dir := t.TempDir()
			put := strings.NewReplacer("SECRET", slips.Canary, "DIR", dir)
			given := map[string]bool{}
			files := map[string]string{"a.yaml": smallDocument}
			for name, text := range m.files {
				files[name] = text
			}
			for name, text := range files {
				path := filepath.Join(dir, name)
				given[path] = true
				if err := os.WriteFile(path, []byte(put.Replace(text)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if name, value, ok := strings.Cut(m.env, "="); ok {
				t.Setenv(name, put.Replace(value))
			}
			t.Chdir(dir)
			var args []string
			for _, word := range strings.Split(m.args, " ") {
				args = append(args, put.Replace(strings.ReplaceAll(word, "_", " ")))
			}
			reported := append(args[:len(args):len(args)], "--report", "json="+dir+"/report.json", "--report", "html="+dir+"/report.html")
			for _, args := range [][]string{args, reported} {
				var out, errs bytes.Buffer
				Main(t.Context(), args, terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: os.Getenv, Environ: os.Environ()}, "v1")
				if output := out.String() + errs.String(); slips.Shown(output, slips.Canary) {
					t.Errorf("%s\n%s", args, output)
				}
			}
			filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
				if err != nil || given[path] {
					return err
				}
				var text []byte
				if !d.IsDir() {
					text, err = os.ReadFile(path)
				}
				if slips.Shown(path[len(dir):]+string(text), slips.Canary) {
					t.Errorf("%s\n%.300s", path, text)
				}
				return err
			})
		})
	}
}
