package contract

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/check"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/failure"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/security"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// This file and its neighbours contract*.go write the test of the generated
// server: one test for each operation, with a request that the document allows,
// one that it does not, and the checks that answers must pass.

// contractTests are the tests of a server, and what they need.
type Tests struct {
	Contract        string // the tests; "": there are no operations
	ContractImports string
	Answers         string // the functions that judge answers
	AnswerTable     string // the constant answers: which one judges what
	Slow, Linear    bool   // as of check.Checks
	Worst           string // the table of worst.test.ts
	// DefaultErrorCheck is the function of answers.ts that judges errors, and DefaultErrorType
	// their media type; "": they have the tool's own form.
	DefaultErrorCheck, DefaultErrorType string
}

// What contract.test.ts may import from.
const (
	answersModule = "../middleware/answers.js"
	clientModule  = "./client.js"
)

// contract writes the tests, and the functions that judge answers.
type contract struct {
	base    string // path
	types   *declare.Types
	checks  *check.Checks                   // of answers
	file    *ts.File                        // contract.test.ts
	written func(*operation.Operation) bool // its handler answers what the document says
	// database: its constraints may refuse what the document allows. Such a test is
	// skipped, and says which one it is.
	database bool
	samples  map[*api.Parameter]sampled
	failures *failure.Forms
	forms    []*failure.Form // that are not those of all errors
}

// writeContract comes before types/api.ts is written, because it may ask for types.
func Write(base string, ops []*operation.Operation, t *declare.Types, failures *failure.Forms, written func(*operation.Operation) bool, database bool) Tests {
	c := &contract{base: base, types: t, written: written, database: database, samples: map[*api.Parameter]sampled{}, failures: failures}
	c.checks = check.New(t, "./", false)
	c.checks.RejectsWriteOnly = true
	c.file = ts.NewFile(ts.Module{Path: answersModule, As: "checks"}, ts.Module{Path: clientModule})
	c.client("connect")
	var tests strings.Builder
	for _, op := range ops {
		tests.WriteString("\n" + c.test(op))
	}
	var check, mediaType string
	if main := failures.Main; main != nil {
		check, mediaType = c.errorCheck(main), main.MediaType
	}
	table, functions := c.table(ops), ""
	if !c.checks.IsEmpty() {
		functions = c.checks.Text()
	}
	return Tests{
		DefaultErrorCheck: check, DefaultErrorType: mediaType,
		Contract: c.errorForms() + tests.String(), ContractImports: c.file.Imports(),
		AnswerTable: table, Answers: functions, Slow: c.checks.Slow, Linear: c.checks.Linear,
		Worst: Worst(ops),
	}
}

// client is a function of client.ts, which the file imports from now on.
func (c *contract) client(name string) string { return c.file.Use(clientModule, name) }

// test is the test of one operation.
func (c *contract) test(op *operation.Operation) string {
	title := ts.Quote(firstColumns(op.API.Method+" "+op.API.Path, 60) + " (" + op.Symbol + ")")
	request, problem := c.validCall(op)
	if problem == "" && needsCertificate(op) {
		problem = "it asks for a client certificate"
	}
	if problem == "" {
		problem = contradiction(op)
	}
	if problem != "" {
		return "// " + problem + ".\ntest(" + title + ", { todo: true });\n"
	}
	var b strings.Builder
	options := ""
	if !c.written(op) { // only this test fails: a test in which another one fails is no todo
		options = "{ todo: 'write the handler' }, "
	}
	b.WriteString("test(" + title + ", async (t) => {\n")
	b.WriteString(member(1, "const request: "+c.file.UseType(clientModule, "Call")+" = ", request.doc(), ts.Text(";")))
	if c.database { // which may refuse an example, or fail when it reads
		b.WriteString("  await t.test('is answered as the document says', " + options + "async (each) => {\n")
		b.WriteString(member(2, "", ts.Call("await "+c.client("answers"), ts.Text("request"), c.answersDoc(op), ts.Text("each")), ts.Text(";")))
	} else {
		b.WriteString("  await t.test('is answered as the document says', " + options + "async () => {\n")
		b.WriteString(member(2, "await "+c.client("answers")+"(", ts.Text("request"), ts.Cat(ts.Text(", "), c.answersDoc(op), ts.Text(");"))))
	}
	b.WriteString("  });\n")
	if change, ok := c.invalidCall(op, request); ok {
		b.WriteString("  await t.test(" + ts.Quote(firstColumns("refuses "+change.what, 60)) + ", async () => {\n")
		if arguments := c.withForm(op, 400, change.doc); len(arguments) > 1 || change.call {
			b.WriteString(member(2, "", ts.Call("await "+c.client("refuses"), arguments...), ts.Text(";")))
		} else { // prettier keeps the brackets of an object that is the only argument
			b.WriteString(member(2, "await "+c.client("refuses")+"(", change.doc, ts.Text(");")))
		}
		b.WriteString("  });\n")
	}
	if wantsCredentials(op) {
		b.WriteString("  await t.test('wants credentials', async () => {\n")
		b.WriteString(member(2, "", ts.Call("await "+c.client("wantsCredentials"), c.withForm(op, 401, ts.Text("request"))...), ts.Text(";")))
		b.WriteString("  });\n")
	}
	b.WriteString("});\n")
	return b.String()
}

// withForm adds the form that an operation's errors have, where it is not that of all.
func (c *contract) withForm(op *operation.Operation, status int, request ts.Doc) []ts.Doc {
	form := c.failures.Of(op, status)
	if form == nil || form == c.failures.Main {
		return []ts.Doc{request}
	}
	if !slices.Contains(c.forms, form) {
		c.forms = append(c.forms, form)
	}
	return []ts.Doc{request, ts.Text("errors." + form.Name)}
}

// errorForms is the constant errors: what judges errors that have not the form of all.
func (c *contract) errorForms() string {
	if len(c.forms) == 0 {
		return ""
	}
	var rows []ts.Doc
	for _, form := range c.forms {
		judge := ""
		if name := c.errorCheck(form); name != "" {
			judge = c.file.Use(answersModule, name)
		} else {
			judge = c.client("anything")
		}
		rows = append(rows, ts.Cat(ts.Text(form.Name+": "), ts.Object(ts.Text(ts.PropertyKey(form.MediaType)+": "+judge))))
	}
	return "\n" + ts.Render(ts.Cat(ts.Text("const errors = "), ts.Expanded(rows...), ts.Text(";")), 0) + "\n"
}

// errorCheck is the function of answers.ts that judges errors of a form; "": the
// document says nothing of them.
func (c *contract) errorCheck(form *failure.Form) string {
	if check.IsTrivial(form.Schema, 0) {
		return ""
	}
	return c.checks.Exported(form.Schema, declare.Response, form.Hint)
}

// member is a line of code that may break inside d.
func member(depth int, before string, d, after ts.Doc) string {
	return ts.Pad(depth) + ts.Render(ts.Cat(ts.Text(before), d, after), depth) + "\n"
}

// firstColumns cuts a text that would make a line too long.
func firstColumns(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

// wantsCredentials: nobody may call the operation without.
func wantsCredentials(op *operation.Operation) bool {
	for _, requirement := range op.API.Security {
		if len(requirement) == 0 {
			return false
		}
	}
	return len(op.API.Security) > 0
}

// contradiction says why no request can prove who calls.
func contradiction(op *operation.Operation) string {
	if !wantsCredentials(op) {
		return ""
	}
	a, b := security.Rivals(op.API.Security[0])
	if a == nil {
		return ""
	}
	return "It asks for " + ts.LineComment(ts.Quote(a.Name)+" and "+ts.Quote(b.Name)) + ", and a request has one header Authorization"
}

func needsCertificate(op *operation.Operation) bool {
	if !wantsCredentials(op) {
		return false
	}
	for _, use := range op.API.Security[0] {
		if use.Scheme.Type == api.SchemeMutualTLS {
			return true
		}
	}
	return false
}

// answersDoc is the table of what the document lets the operation answer.
func (c *contract) answersDoc(op *operation.Operation) ts.Doc {
	var rows []ts.Doc
	seen := map[string]bool{}
	for _, r := range op.Responses() {
		if seen[r.Status] {
			continue
		}
		seen[r.Status] = true
		var media []ts.Doc
		for _, m := range r.Content {
			judge := c.bodyCheck(op, r, m)
			if judge == "" {
				judge = c.client("anything")
			} else {
				judge = c.file.Use(answersModule, judge)
			}
			media = append(media, ts.Cat(ts.Text(ts.Quote(m.Type)+":"), ts.Group(ts.Indent(ts.Line, ts.Text(judge)))))
		}
		key := statusKey(r.Status)
		if len(media) > 1 {
			rows = append(rows, ts.Cat(ts.Text(key+": "), ts.Expanded(media...)))
		} else {
			rows = append(rows, ts.Cat(ts.Text(key+": "), ts.Object(media...)))
		}
	}
	return ts.Expanded(rows...)
}

// bodyCheck is the function of answers.ts that judges a body; "": it may be anything.
func (c *contract) bodyCheck(op *operation.Operation, r *api.Response, m *api.Media) string {
	if m.Kind() != api.JSON || check.IsTrivial(m.Schema, 0) {
		return ""
	}
	return c.checks.Exported(m.Schema, declare.Response, op.Type+ts.Pascal(operation.StatusWord(r.Status))+operation.MediaWord(m, len(r.Content))+"Body")
}

func statusKey(status string) string {
	if isNumber(status) || ts.IsIdentifier(status) {
		return status
	}
	return ts.Quote(status)
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
