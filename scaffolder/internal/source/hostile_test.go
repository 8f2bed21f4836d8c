package source

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

var allHostile = flag.Bool("hostile", false, "also read the hostile programs that take a second and more")

// hostile are programs that double, recurse or repeat what they make. dear ones are read
// with -hostile only.
var hostile = []struct {
	name, code, rule string
	dear             bool
}{
	{name: "getters that make two of themselves", rule: "memory-ran-out", dear: true,
		code: "const o = { get a() { return { x: this.a, y: this.a } } }; o.a;"},
	{name: "closures that call two of each other", dear: true,
		code: "const f = (n) => { const a = () => f(n - 1), b = () => f(n - 2); return n < 2 ? [a, b] : [a(), b()]; }; f(60);"},
	{name: "spreads in a handler", rule: "large-answer",
		code: "app.post('/h', (req, res) => { let o = req.body; for (let i = 0; i < 40; i++) { o = { ...o, ['x' + i]: o, y: { ...o } }; } res.json(o); });"},
	{name: "an object in itself twice",
		code: "app.post('/h', (req, res) => { let o = {}; for (let i = 0; i < 60; i++) { o = { a: o, b: o }; } res.json(o); });"},
	{name: "a list that holds itself",
		code: "const a = []; a.push(a); a[1] = [a, a]; const f = (x) => x.length; app.post('/h', (req, res) => { res.json(f(a) + req.body.x); });"},
	{name: "a list that holds itself, as a text", code: "const a = []; a.push(a); app.get('/x' + a, (q, r) => r.send(a.join() + a)); app.get('/y', (q, r) => r.json([a, `${a}`, a.flat(9), String(a)]));"},
	{name: "an object that holds itself", code: "const o = {}; o.o = o; o.a = [o]; app.get('/y', (q, r) => r.json({ ...o, text: JSON.stringify(o), all: Object.entries(o).flat() }));"},
	{name: "routers that mount the next one twice", rule: "many-routes",
		code: "let r = express.Router(); r.get('/z', (q, s) => s.json(1)); for (let i = 0; i < 40; i++) { const n = express.Router(); n.use('/a', r); n.use('/b', r); r = n; } app.use(r);"},
	{name: "more routes than are looked at", rule: "many-routes", dear: true,
		code: "for (let i = 0; i < 30000; i++) app.get('/r' + i, (req, res) => res.json(1));"},
	{name: "texts that double", code: "let s = 'x'; for (let i = 0; i < 60; i++) { s = `${s}${s}`; } app.get('/' + s, (q, r) => r.send(s));"},
	{name: "lists that double", code: "let a = [1]; for (let i = 0; i < 60; i++) { a = [...a, ...a]; } app.get('/a', (q, r) => r.json(a));"},
	{name: "schemas that double", code: "const { z } = require('zod'); let s = z.object({ a: z.string() }); for (let i = 0; i < 30; i++) { s = z.object({ a: s, b: s }); } app.post('/z', (q, r) => r.json(s.parse(q.body)));"},
	{name: "optional segments", code: "app.get('/a' + '/:x?'.repeat(60).replace(/x/g, () => 'x' + Math.random()), (q, r) => r.json(1));"},
}

// TestHostile reads programs that are made to take what there is: each takes seconds and
// memory that are bounded, keeps the routes before it, and says what was not read.
func TestHostile(t *testing.T) {
	for _, h := range hostile {
		t.Run(strings.ReplaceAll(h.name, " ", "-"), func(t *testing.T) {
			if h.dear && !*allHostile {
				t.Skip("-hostile reads it")
			}
			code := "const express = require('express'); const app = express(); app.get('/first', (req, res) => res.json(1));\n" + h.code + "\napp.listen(1);\n"
			read, seconds, grown := measured(t, code)
			if seconds > 10 || grown > 500<<20 {
				t.Errorf("%.1f s of CPU and %d MB, want at most 10 s and 500 MB", seconds, grown>>20)
			}
			if len(read.API.Operations) == 0 || read.API.Operations[0].Path != "/first" {
				t.Errorf("the route before it is lost: %d operations", len(read.API.Operations))
			}
			told := h.rule == ""
			for _, d := range read.Diagnostics {
				told = told || d.Rule == h.rule && d.At.Line > 0
			}
			if h.rule == "many-routes" && read.Unmounted > 0 {
				t.Errorf("%d routes are said to stand below no application, though the walk ended before it came to them", read.Unmounted)
			}
			if !told {
				t.Errorf("no diagnostic %s with its place in %s", h.rule, fmt.Sprint(read.Diagnostics))
			}
		})
	}
}

// measured reads a program of one file: CPU seconds, and how much the heap has grown.
func measured(t *testing.T, code string) (read *Result, seconds float64, grown uint64) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"package.json": `{"name": "h", "main": "app.js", "dependencies": {"express": "^4", "zod": "^4"}}`, "app.js": code} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var before, after runtime.MemStats
	var start, end syscall.Rusage
	runtime.GC()
	runtime.ReadMemStats(&before)
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &start)
	read, err := Read(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &end)
	runtime.ReadMemStats(&after)
	used := time.Duration(end.Utime.Nano() + end.Stime.Nano() - start.Utime.Nano() - start.Stime.Nano())
	return read, used.Seconds(), after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
}
