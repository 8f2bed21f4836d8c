package e2e

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// compile checks and builds projects that stand beside each other with TypeScript 5.9.
func compile(t *testing.T, all []server, flags ...string) {
	t.Helper()
	script(t, all[0].dir, "compile.mjs", all, flags...)
}

// build7 is compile with TypeScript 7, for projects that are much larger than others.
func build7(t *testing.T, patience time.Duration, all []server) {
	t.Helper()
	for _, s := range all {
		run(t, patience, s.dir, "node", "../node_modules/typescript-7/bin/tsc", "--project", "tsconfig.json")
	}
}

// script runs a script of testdata, in one process for all projects: to load a compiler
// or a linter, and to read what the projects import, costs more than to judge a project.
func script(t *testing.T, dir, name string, all []server, flags ...string) {
	t.Helper()
	scriptWithin(t, limit, dir, name, all, flags...)
}

// scriptWithin is script for projects that take longer than others.
func scriptWithin(t *testing.T, patience time.Duration, dir, name string, all []server, flags ...string) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{path}, flags...)
	for _, s := range all {
		args = append(args, s.dir)
	}
	t.Log(run(t, patience, dir, "node", args...))
}

// stricter are options of TypeScript that the projects do not have, and their users may;
// compile.mjs has them as well.
const stricter = `"noPropertyAccessFromIndexSignature": true, "noImplicitReturns": true, "noUnusedLocals": true,
	"noUnusedParameters": true, "allowUnreachableCode": false, "erasableSyntaxOnly": true, "verbatimModuleSyntax": true,
	"isolatedDeclarations": true, "declaration": true`

// looser are those that they have, and that their users may not.
const looser = `"exactOptionalPropertyTypes": false, "noUncheckedIndexedAccess": false, "isolatedModules": false,
	"module": "esnext", "moduleResolution": "bundler"`

// typeScript7 checks all projects of a directory as one program, with more options.
func typeScript7(t *testing.T, root string, all []server, name, options string) {
	file := name + ".json"
	config := fmt.Sprintf(`{"extends": "./%s/tsconfig.json", "compilerOptions": {"rootDir": ".", "noEmit": true, %s}, "include": ["*/src"]}`, all[0].name, options)
	write(t, filepath.Join(root, file), []byte(config))
	run(t, limit, root, "node", "node_modules/typescript-7/bin/tsc", "--project", file)
}
