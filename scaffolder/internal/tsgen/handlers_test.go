package tsgen

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/framework"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
)

func TestHandlersThatAreGivenStandInThePlaceOfStubs(t *testing.T) {
	a := &api.API{Operations: []*api.Operation{
		{ID: "findBook", Method: "GET", Path: "/books/{id}"}, {ID: "listBooks", Method: "GET", Path: "/books"},
	}}
	books := handler.Import{Path: "../data/books.js", Names: []string{"findBook"}}
	files, err := Generate(a, Options{
		Framework:    "koa",
		Dependencies: []framework.Package{{Name: "pg", Version: "8.0.0"}},
		Handlers: func(op *operation.Operation) (handler.Handler, bool) {
			return handler.Handler{
				Argument: "{ params }", Body: "  return { status: 200, body: await find(params.id) };\n", Imports: []handler.Import{books}, Works: true,
			}, op.API.ID == "findBook"
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `// Written once by scaffolder. This file is yours: it is never overwritten.

import type { Handlers } from '../handlers.contract.js';
import { findBook } from '../data/books.js';

/** ` + "`GET /books/{id}`" + ` */
export const findBook: Handlers['findBook'] = async ({ params }) => {
  return { status: 200, body: await find(params.id) };
};

/** ` + "`GET /books`" + ` */
export const listBooks: Handlers['listBooks'] = async () => {
  return { status: 200 };
};
`
	for _, f := range files {
		if f.Path == "src/routes/books.ts" {
			if diff := cmp.Diff(want, string(f.Content)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"import { findBook } from '../data/books.js';"}, f.Stubs[0].Imports); diff != "" {
				t.Errorf("imports of the stub: %s", diff)
			}
			return
		}
	}
	t.Error("there is no file of the handlers")
}
