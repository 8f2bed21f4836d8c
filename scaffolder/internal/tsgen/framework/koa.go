package framework

import (
	"strings"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

func koa() Framework {
	return Framework{
		Mounting: "app.use(createRouter().routes())",
		Name:     "koa", Title: "Koa",
		Mount:           mountOnKoa,
		Dependencies:    []Package{{Name: "@koa/router", Version: "15.7.0"}, {Name: "helmet", Version: "8.3.0", Use: ByApp}, {Name: "koa", Version: "3.3.0"}},
		DevDependencies: []Package{{Name: "@types/koa", Version: "3.0.3"}},
		Node:            20,
		TestImports:     nodeImports,
		TestServer: `  const handle = createApp().callback();
  const server = createServer((request, response) => void handle(request, response));` + nodeServer,
	}
}

func mountOnKoa(r Route) ts.Doc {
	method := r.Operation.API.Method
	path := ts.Text(ts.Quote(r.Operation.Path.PathToRegexp()))
	if r.further() {
		return ts.Call("router.register", path, ts.List(ts.Text(ts.Quote(method))), r.Handler)
	}
	return ts.Call("router."+strings.ToLower(method), path, r.Handler)
}
