package describe

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
)

// joiRouter takes what a route of koa-joi-router validates: the parts of the request, the
// media type of the body, and the answers by status.
func (d *describer) joiRouter(op *api.Operation, e *route.Endpoint, judged map[handler.Part]bool) {
	given, ok := d.Ev.GetMember(e.Layer.Options, "validate", e.At).(*eval.Object)
	if !ok || given.Host != nil || e.Router.Framework != "koa" {
		return
	}
	for _, part := range []struct {
		name string
		in   handler.Part
	}{{"body", handler.Body}, {"query", handler.Query}, {"params", handler.Params}, {"header", handler.Headers}} {
		v := given.Get(part.name)
		if v == nil {
			continue
		}
		s := d.Schemas.Object(v)
		if s == nil {
			d.Ev.Report("unread-validator", e.At, "what the route validates of the "+part.name+" is not read; it is described by its use", "")
			continue
		}
		judged[part.in] = true
		d.judge(op, schema.Check{In: part.in, Schema: s, Required: true, Library: "Joi", At: e.At})
	}
	if op.Body != nil && len(op.Body.Content) == 1 {
		if media := joiRouterMedia(given.Get("type")); media != "" {
			op.Body.Content[0].Type = media
		}
	}
	output, _ := given.Get("output").(*eval.Object)
	if output == nil {
		return
	}
	for _, statuses := range output.Keys() {
		answer, ok := output.Get(statuses).(*eval.Object)
		if !ok {
			continue
		}
		s := d.Schemas.Object(answer.Get("body"))
		for _, status := range strings.Split(statuses, ",") {
			if first, _, ranged := strings.Cut(status, "-"); ranged {
				status = first[:1] + "XX" // 400-599: as near as a document comes
			}
			d.declaredAnswer(op, strings.TrimSpace(status), s, e.At, "Joi")
		}
	}
}

func joiRouterMedia(v eval.Value) string {
	switch v {
	case eval.String("json"):
		return "application/json"
	case eval.String("form"):
		return "application/x-www-form-urlencoded"
	case eval.String("multipart"), eval.String("stream"):
		return "multipart/form-data"
	}
	return ""
}
