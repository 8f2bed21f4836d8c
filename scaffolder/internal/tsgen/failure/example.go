package failure

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/sample"
)

// example is an error, by which it is judged whether a form fits its schema.
type example struct {
	status               int
	code, title, message string
	details              []detail
}

type detail struct{ field, message string }

func (d detail) pointer() string {
	if d.field == "" {
		return ""
	}
	return "/" + d.field
}

const requestID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"

// examples are errors with details and without.
var examples = []example{
	{400, "VALIDATION_ERROR", "Bad Request", "title is required", []detail{{"title", "is required"}, {"lines/0", "must be a string"}}},
	{404, "NOT_FOUND", "Not Found", "Not found", nil},
}

func (e example) number() json.Number { return json.Number(strconv.Itoa(e.status)) }

// causes are the details, or the error itself as the only one.
func (e example) causes() []detail {
	if len(e.details) > 0 {
		return e.details
	}
	return []detail{{"", e.message}}
}

// own is the body in the tool's own form.
func (e example) own() *sample.Object {
	details := []any{}
	for _, d := range e.details {
		details = append(details, object("field", d.field, "message", d.message))
	}
	return object(
		"error", object("code", e.code, "message", e.message, "details", details),
		"meta", object("requestId", requestID),
	)
}

func object(pairs ...any) *sample.Object {
	out := sample.NewObject()
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(fmt.Sprint(pairs[i]), pairs[i+1])
	}
	return out
}
