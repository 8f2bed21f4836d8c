package tree

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/shared/problem"
)

const (
	createUser = "export const createUser: Handlers['createUser'] = async () => ({ status: 201 });\n"
	listUsers  = "export const listUsers: Handlers['listUsers'] = async () => ({ status: 200 });\n"
)

// project is what a generator makes for the given operations.
func project(types string, stubs ...Stub) []File {
	text := "import type { Handlers } from '../handlers.contract.js';\n"
	for _, s := range stubs {
		text += "\n" + s.Text
	}
	return []File{
		{Path: "src/types/api.ts", Content: []byte(types), Owner: Tool},
		{Path: "src/routes/users.ts", Content: []byte(text), Owner: User, Stubs: stubs},
		{Path: "Dockerfile", Content: []byte("FROM node\n"), Owner: User},
	}
}

var (
	create = Stub{Symbol: "createUser", Text: createUser}
	list   = Stub{Symbol: "listUsers", Text: listUsers}
)

func TestFirstRunWritesEverything(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "project")
	p := generate(t, dir, false, project("v1", create))
	if got := p.Count(Create); got != 3 {
		t.Errorf("%d files created, want 3", got)
	}
	want := []string{".scaffolder.json", "Dockerfile", "src/routes/users.ts", "src/types/api.ts"}
	if got := files(t, dir); !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
}

func TestSecondRunChangesNothing(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, false, project("v1", create))
	before := snapshot(t, dir)
	p := generate(t, dir, false, project("v1", create))
	if p.Drift() {
		t.Error("drift without a change")
	}
	if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestUserOwnedFilesKeepEveryByte(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, false, project("v1", create))
	edited := "// mine\r\n\texport async function createUser() { return 'x' }"
	write(t, dir, "src/routes/users.ts", edited)
	write(t, dir, "Dockerfile", "FROM scratch")
	generate(t, dir, false, project("v2", create))
	if got := snapshot(t, dir); got["src/routes/users.ts"] != edited || got["Dockerfile"] != "FROM scratch" || got["src/types/api.ts"] != "v2" {
		t.Errorf("%q", got)
	}
}

func TestStubOfANewOperationIsAppended(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, false, project("v1", create))
	edited := "// mine, without a line break at the end"
	write(t, dir, "src/routes/users.ts", edited)
	p := generate(t, dir, false, project("v1", create, list))
	if got := snapshot(t, dir)["src/routes/users.ts"]; got != edited+"\n\n"+listUsers {
		t.Errorf("%q", got)
	}
	if got := p.Changes[1]; got.Action != Append || !slices.Equal(got.Appended, []string{"listUsers"}) {
		t.Errorf("%+v", got)
	}
	// createUser was offered and deleted by its user: it does not come back.
	before := snapshot(t, dir)
	generate(t, dir, false, project("v1", create, list))
	if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestStubIsNotAppendedWhereItsNameStands(t *testing.T) {
	for _, text := range []string{
		"export const listUsers = 1",
		"export { listUsers } from './other.js'",
		"export { mine as listUsers }",
		"import { listUsers } from './list.js'; export { listUsers }",
		"const x = /'/; export function listUsers() {}",
		"const {...listUsers} = y",
		"`${listUsers}`",
	} {
		dir := t.TempDir()
		write(t, dir, "src/routes/users.ts", text)
		if p := generate(t, dir, false, project("v1", list)); p.Changes[1].Action != Keep {
			t.Errorf("appended to %q", text)
		}
	}
	for _, text := range []string{"// listUsers", "/* listUsers\n */", "'listUsers'", `"\"listUsers"`, "service.listUsers()", "listUsersOfTeam", ""} {
		dir := t.TempDir()
		write(t, dir, "src/routes/users.ts", text)
		if p := generate(t, dir, false, project("v1", list)); p.Changes[1].Action != Append {
			t.Errorf("not appended to %q", text)
		}
	}
}

func TestOrphansAreToldAndKept(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, false, project("v1", create, list))
	before := snapshot(t, dir)
	for range 2 { // told on each run
		p := generate(t, dir, false, project("v1", create))
		if want := []Orphan{{"src/routes/users.ts", "listUsers"}}; !slices.Equal(p.Orphans, want) {
			t.Errorf("orphans %v, want %v", p.Orphans, want)
		}
	}
	p := generate(t, dir, false, []File{project("v1")[0]})
	want := []Orphan{{Path: "Dockerfile"}, {Path: "src/routes/users.ts"}}
	if !slices.Equal(p.Orphans, want) {
		t.Errorf("orphans %v, want %v", p.Orphans, want)
	}
	after := snapshot(t, dir)
	delete(before, ManifestName)
	delete(after, ManifestName)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
}

func TestDeletedFiles(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, false, project("v1", create))
	for _, name := range []string{"Dockerfile", "src/routes/users.ts", "src/types/api.ts"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	generate(t, dir, false, project("v1", create))
	if got := files(t, dir); slices.Contains(got, "Dockerfile") || !slices.Contains(got, "src/routes/users.ts") || !slices.Contains(got, "src/types/api.ts") {
		t.Errorf("a file that nothing needs stays deleted, the others come back; got %v", got)
	}
	generate(t, dir, true, project("v1", create))
	if got := files(t, dir); !slices.Contains(got, "Dockerfile") {
		t.Errorf("force brings all back; got %v", got)
	}
}

func TestEditedToolOwnedFileStopsTheRun(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, false, project("v1", create))
	write(t, dir, "src/types/api.ts", "mine")
	before := snapshot(t, dir)
	p, err := Make(dir, project("v2", create, list), false)
	if err != nil {
		t.Fatal(err)
	}
	err = p.Write()
	if want := "edited since it was generated: src/types/api.ts"; err == nil || err.Error() != want || problem.ExitCode(err) != 2 {
		t.Errorf("%v, want %q", err, want)
	}
	if diff := cmp.Diff(before, snapshot(t, dir)); diff != "" {
		t.Errorf("something was written: %s", diff)
	}
	generate(t, dir, true, project("v2", create, list))
	if got := snapshot(t, dir)["src/types/api.ts"]; got != "v2" {
		t.Errorf("force left %q", got)
	}
}

func TestForeignFileIsNotOverwritten(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "src/types/api.ts", "somebody else's")
	p, err := Make(dir, project("v1"), false)
	if err != nil || !slices.Equal(p.Edited, []string{"src/types/api.ts"}) || p.Write() == nil {
		t.Errorf("edited %v, %v", p.Edited, err)
	}
}

func TestToolOwnedFilesThatAreNotMadeAnyMoreGo(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, false, append(project("v1"), File{Path: "src/a/b/c.ts", Content: []byte("c"), Owner: Tool}))
	generate(t, dir, false, project("v1"))
	if _, err := os.Stat(filepath.Join(dir, "src/a")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("src/a is still there: %v", err)
	}
}

func TestNothingLeavesTheOutputDirectory(t *testing.T) {
	for _, path := range []string{"../x", "/x", "a/../../x", "a\\..\\x", "a\x00b", "a\nb", "", ".", "a//b"} {
		if _, err := Make(t.TempDir(), []File{{Path: path, Owner: Tool}}, true); err == nil {
			t.Errorf("%q was taken", path)
		}
	}
	for _, path := range []string{"con.ts", "src/Aux.tar.gz", "NUL", "com1.ts", "lpt9", "a:b", "a?", "a ", "b./c", "a|b"} {
		if _, err := Make(t.TempDir(), []File{{Path: path, Owner: Tool}}, true); err == nil {
			t.Errorf("%q, which Windows cannot have, was taken", path)
		}
	}
	for _, path := range []string{"console.ts", "com.ts", "com10.ts", "a.con", ".env.example", "routes/_register.ts"} {
		if _, err := Make(t.TempDir(), []File{{Path: path, Owner: Tool}}, true); err != nil {
			t.Errorf("%q was not taken: %v", path, err)
		}
	}
	if _, err := Make(t.TempDir(), []File{{Path: "A.ts"}, {Path: "a.ts"}}, true); err == nil {
		t.Error("A.ts and a.ts were taken")
	}
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "src")); err != nil {
		t.Fatal(err)
	}
	p, err := Make(dir, project("v1"), true)
	if err == nil {
		err = p.Write()
	}
	if err == nil || len(files(t, outside)) > 0 {
		t.Errorf("written through a symbolic link: %v, %v", err, files(t, outside))
	}
}

// A manifest that somebody else wrote names files to remove: none outside.
func TestManifestLeadsToNothingOutside(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "project")
	write(t, parent, "victim.ts", "theirs")
	write(t, dir, ManifestName, `{"schema": "scaffolder.manifest", "version": 1, "files": [{"path": "../victim.ts", "owner": "tool", "sha256": "`+hash([]byte("theirs"))+`"}]}`)
	p, err := Make(dir, project("v1"), true)
	if err == nil {
		err = p.Write()
	}
	if err == nil {
		t.Error("the manifest was taken")
	}
	if !slices.Contains(files(t, parent), "victim.ts") {
		t.Error("a file outside is gone")
	}
}

func TestNothingIsWrittenWhereOneFileCannotBe(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "src/routes", "a file where a directory has to be")
	p, err := Make(dir, project("v1", create), false)
	if err == nil {
		err = p.Write()
	}
	if err == nil {
		t.Fatal("it was written")
	}
	if got := files(t, dir); !slices.Equal(got, []string{"src/routes"}) {
		t.Errorf("left behind: %v", got)
	}
}

func TestOutputThatIsAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Make(name, project("v1"), false); err == nil || !strings.Contains(err.Error(), "is a file, not a directory") {
		t.Errorf("%v", err)
	}
}

func TestBrokenManifest(t *testing.T) {
	for text, want := range map[string]string{"{": "cannot be read", `{"version": 9}`: "has version 9"} {
		dir := t.TempDir()
		write(t, dir, ManifestName, text)
		if _, err := Make(dir, project("v1"), false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestDiff(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, false, append(project("one\ntwo\n", create), File{Path: "gone.ts", Content: []byte("gone\n"), Owner: Tool}))
	p, err := Make(dir, append(project("one\n2\n", create, list), File{Path: "new.ts", Content: []byte("new\n"), Owner: Tool}), false)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := p.Diff(&b); err != nil {
		t.Fatal(err)
	}
	want := `--- a/src/types/api.ts
+++ b/src/types/api.ts
@@ -1,2 +1,2 @@
 one
-two
+2
--- a/src/routes/users.ts
+++ b/src/routes/users.ts
@@ -1,3 +1,5 @@
 import type { Handlers } from '../handlers.contract.js';
 
 ` + createUser + "+\n+" + listUsers + `--- /dev/null
+++ b/new.ts
@@ -0,0 +1,1 @@
+new
--- a/gone.ts
+++ /dev/null
@@ -1,1 +0,0 @@
-gone
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func FuzzIdentifiers(f *testing.F) {
	f.Add("const a = 'x' // y\n/* z */ `b`")
	f.Fuzz(func(t *testing.T, code string) {
		if !identifiers(code + "\n/**/\nconst zzz = 1")["zzz"] && !strings.Contains(code, "/*") {
			t.Error("a declaration on a line of its own was not found")
		}
	})
}

func generate(t *testing.T, dir string, force bool, files []File) *Plan {
	t.Helper()
	p, err := Make(dir, files, force)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Write(); err != nil {
		t.Fatal(err)
	}
	return p
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// snapshot is the text of all files under dir.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range files(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(data)
	}
	return out
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAppendedStubsBringTheirImports(t *testing.T) {
	text := "import { a } from '../a.js';\nimport {\n  b,\n} from '../b.js';\n\nconst x = 'import';\n"
	want := "import { a } from '../a.js';\nimport {\n  b,\n} from '../b.js';\nimport { c } from '../c.js';\n\nconst x = 'import';\n"
	if got := withImports(text, []string{"import { a } from '../a.js';", "import { c } from '../c.js';"}); got != want {
		t.Errorf("%s", got)
	}
	if got := withImports("const x = 1;\n", []string{"import { c } from '../c.js';"}); got != "import { c } from '../c.js';\nconst x = 1;\n" {
		t.Errorf("%s", got)
	}
}
