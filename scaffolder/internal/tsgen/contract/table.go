package contract

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// table is the constant answers of answers.ts: by the id of an operation and by status,
// what RESPONSE_CHECK lets leave.
func (c *contract) table(ops []*operation.Operation) string {
	var rows []ts.Doc
	for _, op := range ops {
		var statuses []ts.Doc
		seen := map[string]bool{}
		for _, r := range op.Responses() {
			if !seen[r.Status] {
				seen[r.Status] = true
				statuses = append(statuses, ts.Cat(ts.Text(statusKey(r.Status)+": "), c.expected(op, r)))
			}
		}
		rows = append(rows, ts.Cat(ts.Text(ts.PropertyKey(op.API.ID)+": "), ts.Expanded(statuses...)))
	}
	head := "export const answers: Readonly<Record<string, Readonly<Record<string, Expected>>>> = "
	return ts.Render(ts.Cat(ts.Text(head), ts.Expanded(rows...), ts.Text(";")), 0) + "\n"
}

// expected is what may leave with a status. A body that may be anything has no check.
func (c *contract) expected(op *operation.Operation, r *api.Response) ts.Doc {
	var members, headers, media []ts.Doc
	for _, h := range r.Headers {
		if h.Required && !strings.EqualFold(h.Name, "content-type") {
			headers = append(headers, ts.Text(ts.Quote(strings.ToLower(h.Name))))
		}
	}
	if len(headers) > 0 {
		members = append(members, ts.Cat(ts.Text("headers: "), ts.List(headers...)))
	}
	for _, m := range r.Content {
		judge := c.bodyCheck(op, r, m)
		if judge == "" {
			judge = "undefined"
		}
		media = append(media, ts.Cat(ts.Text(ts.PropertyKey(m.Type)+":"), ts.Group(ts.Indent(ts.Line, ts.Text(judge)))))
	}
	members = append(members, ts.Cat(ts.Text("content: "), ts.Object(media...)))
	return ts.Object(members...)
}
