package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
	"github.com/seniorbackend/tools/shared/redact/slips"
	"github.com/seniorbackend/tools/shared/terminal"
)

const smallDocument = "openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: a}}}}}\n"

var mistakes = []slips.Mistake{
	{Args: "generate DIR/a.yaml --output postgres://u:SECRET@h/d"},
	{Args: "generate DIR/a.yaml --output postgres://u:SECRET@h/routes"},
	{Args: "generate DIR/a.yaml --output password=SECRET"},
	{Args: "generate DIR/a.yaml --report json=postgres://u:SECRET@h/d"},
	{Args: "generate DIR/a.yaml --report postgres://u:SECRET@h/d"},
	{Args: "generate DIR/a.yaml --root postgres://u:SECRET@h/d"},
	{Args: "generate DIR/a.yaml --base-path postgres://u:SECRET@h/d --dry-run"},
	{Args: "generate DIR/a.yaml --max-size postgres://u:SECRET@h/d"},
	{Args: "generate DIR/a.yaml --validator postgres://u:SECRET@h/d"},
	{Args: "generate https://u:SECRET@127.0.0.1:1/a.yaml"},
	{Args: "generate DIR/a.yaml?token=SECRET"},
	{Args: "generate DIR/a.yaml --framework=express --conection=postgres://u:SECRET@h/d"},
	{Args: "database postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "database postgres://u:SECRET@127.0.0.1:port/d --output DIR/o"},
	{Args: "database host=127.0.0.1_port=1_password='SECRET"},
	{Args: "database host=127.0.0.1_port=1_user=u_password=SECRET_bogus=1"},
	{Args: "database postgres://u:SECRET@127.0.0.1:1/d --tables postgres://u:SECRET@h/d --spec-only"},
	{Args: "database postgres://u:SECRET@127.0.0.1:1/d --title postgres://u:SECRET@h/d"},
	{Args: "database postgres://u:SECRET@127.0.0.1:1/d --roles postgres://u:SECRET@h/d"},
	{Args: "database --output postgres://u:SECRET@h/d"},
	{Args: "database", Env: "DATABASE_URL=postgres://u:SECRET@127.0.0.1:port/d"},
	{Args: "database", Env: "DATABASE_URL='postgres://u:SECRET@127.0.0.1:1/d'"},
	{Args: "database postgres://u@127.0.0.1:1/d", Env: "PGPASSWORD=SECRET"},
	{Args: "database postgres:///d?host=127.0.0.1&port=1&user=u&password=SECRET"},
	{Args: "database postgres://u:SECRET@127.0.0.1:1/d --format json"},
	{Args: "database postgres://u:SECRET@127.0.0.1:1/d --format github --check"},
	{Args: "generate DIR/a.yaml", Env: "SCAFFOLDER_OUTPUT=postgres://u:SECRET@h/d"},
	{Args: "generate DIR/a.yaml", Env: "SCAFFOLDER_FRAMEWORK=postgres://u:SECRET@h/d"},
	{Args: "generate DIR/a.yaml", Env: "SCAFFOLDER_REPORT=json=postgres://u:SECRET@h/d"},
	{Args: "generate DIR/a.yaml", Env: "SCAFFOLDER_CONFIG=postgres://u:SECRET@h/d"},
	{Args: "generate DIR/a.yaml --config DIR/c.yaml", Files: map[string]string{"c.yaml": "output: *SECRET\n"}},
	{Args: "generate DIR/a.yaml --config DIR/c.yaml", Files: map[string]string{"c.yaml": "connection: postgres://u:SECRET@h/d\n"}},
	{Args: "generate DIR/a.yaml --config DIR/c.yaml", Files: map[string]string{"c.yaml": "postgres://u:SECRET@h/d\n"}},
	{Args: "generate DIR/a.yaml --config DIR/c.yaml", Files: map[string]string{"c.yaml": "framework: postgres://u:SECRET@h/d\n"}},
	{Args: "generate DIR/a.yaml --config DIR/c.yaml", Files: map[string]string{"c.yaml": "generate:\n  password: SECRET\n"}},
	{Args: "generate DIR/a.yaml --config DIR/c.yaml", Files: map[string]string{"c.yaml": "output: {password: SECRET}\n"}},
	{Args: "generate DIR/a.yaml --config DIR/c.yaml", Files: map[string]string{"c.yaml": "password: 'SECRET\n"}},
	{Args: "generate DIR/.env", Files: map[string]string{".env": "DATABASE_URL=postgres://u:SECRET@h/d\nTOKEN=SECRET\n"}},
	{Args: "generate DIR/s.yaml", Files: map[string]string{"s.yaml": "postgres://u:SECRET@h/d\n"}},
	{Args: "generate DIR/s.yaml", Files: map[string]string{"s.yaml": "openapi: postgres://u:SECRET@h/d\npaths: {}\n"}},
	{Args: "generate DIR/s.yaml --dry-run", Files: map[string]string{"s.yaml": "openapi: 3.0.0\nservers: [{url: 'http://u:SECRET@h:port/'}]\ninfo: {title: a, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: a}}}}}\n"}},
	{Args: "generate DIR/s.yaml", Files: map[string]string{"s.yaml": strings.Replace(smallDocument, "description: a", "$ref: 'http://u:SECRET@127.0.0.1:1/x.yaml'", 1)}},
	{Args: "generate DIR/s.yaml", Files: map[string]string{"s.yaml": strings.Replace(smallDocument, "description: a", "$ref: 'x.yaml?token=SECRET'", 1)}},
	{Args: "generate DIR/s.json", Files: map[string]string{"s.json": `{"openapi": "3.0.0", "password": "SECRET`}},
	{Args: "generate postgres://u:SECRET@h/d --output DIR/o"},
	{Args: "spec postgres://u:SECRET@h/d"},
	{Args: "spec DIR/server.ts --output postgres://u:SECRET@h/d", Files: map[string]string{"server.ts": "import express from 'express';\nconst app = express();\napp.get('/a', (q, r) => r.json({}));\n"}},
	{Args: "spec DIR/server.ts --verify --output DIR/o.yaml", Env: "API_TOKEN=SECRET", Files: map[string]string{"server.ts": "throw new Error('token ' + process.env.API_TOKEN)\n"}},
	{Args: "spec DIR/server.js --verify --output DIR/o.yaml", Env: "DATABASE_URL=postgres://u:SECRET@h/d", Files: map[string]string{"server.js": "console.error(process.env.DATABASE_URL); throw new Error(process.env.DATABASE_URL)\n"}},
	{Args: "completion postgres://u:SECRET@h/d"},
	{Args: "man postgres://u:SECRET@h/d"},
	{Args: "--version postgres://u:SECRET@h/d"},
	{Args: "--from-db postgres://u:SECRET@127.0.0.1:1/d --framework koa"},
	{Args: "--openapi postgres://u:SECRET@h/d --framework express"},
	{Args: "generate DIR/a.yaml --templates postgres://u:SECRET@h/d --output DIR/o"},
	{Args: "database DIR/postgres://u:SECRET@h/d"},
	{Args: "database jdbc:postgresql://127.0.0.1:1/d?user=u&password=SECRET"},
	{Args: "database postgres%3A%2F%2Fu%3ASECRET%40h%2Fd"},
	{Args: "database -p SECRET --password=SECRET postgres://u@h/d"},
	{Args: "database postgres://u:SECRET@127.0.0.1:1/d --schema postgres://u:SECRET@h --exclude token=SECRET --read-only pw=SECRET"},
}

// rightly are command lines with a secret where it belongs, and nothing wrong: PWDSN is a
// connection string with a password. What they generate must not have it either.
var rightly = []slips.Mistake{
	{Args: "database PWDSN --output DIR/o --framework koa"},
	{Args: "database PWDSN --output DIR/o --framework express --format json"},
	{Args: "database PWDSN --output DIR/o --framework fastify --dry-run"},
	{Args: "database PWDSN --spec-only"},
	{Args: "database PWDSN --output DIR/o --check"},
	{Args: "database --output DIR/o", Env: "DATABASE_URL=PWDSN"},
	{Args: "database --output DIR/o --config DIR/c.yaml", Files: map[string]string{"c.yaml": "database:\n  dsn: PWDSN\n"}},
	{Args: "spec DIR/server.js --explain --output DIR/o.yaml", Files: map[string]string{"server.js": "const app = require('express')();\napp.get('/a', (q, r) => { fetch('http://u:SECRET@h/'); r.json({a: 1}); });\n"}},
	{Args: "spec DIR/server.js --verify --explain --output DIR/o.yaml", Env: "API_TOKEN=SECRET", Files: map[string]string{"server.js": "console.log(process.env.API_TOKEN)\n"}},
}

// TestNoMistakeShowsItsSecret: nor does it in a report or another file that is written
// by the way.
func TestNoMistakeShowsItsSecret(t *testing.T) { tryMistakes(t, mistakes) }

// TestNothingRightShowsItsSecret: nor does what is generated.
func TestNothingRightShowsItsSecret(t *testing.T) {
	url := pgtest.Start(t).Database("CREATE TABLE books (id int PRIMARY KEY, title text NOT NULL)")
	tryMistakes(t, rightly, "PWDSN", strings.Replace(url, "postgres@", "postgres:"+slips.Canary+"@", 1))
}

func tryMistakes(t *testing.T, mistakes []slips.Mistake, names ...string) {
	for _, m := range mistakes {
		t.Run(m.Name(), func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			leaks, err := slips.Driver{
				Dir: dir, Setenv: t.Setenv, Names: names, Files: map[string]string{"a.yaml": smallDocument},
				Run: func(args []string) string {
					var out, errs bytes.Buffer
					Main(t.Context(), args, terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: os.Getenv, Environ: os.Environ()}, "v1")
					return out.String() + errs.String()
				},
			}.Leaks(m)
			if err != nil || len(leaks) > 0 {
				t.Errorf("%s%v", strings.Join(leaks, "\n"), err)
			}
		})
	}
}
