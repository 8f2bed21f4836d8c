package framework

import (
	"strings"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

func express() Framework {
	return Framework{
		Mounting: "app.use(createRouter())",
		Name:     "express", Title: "Express",
		Mount:           mountOnExpress,
		Dependencies:    []Package{{Name: "express", Version: "5.3.0"}, {Name: "express-rate-limit", Version: "8.7.4", Use: ByApp}, {Name: "helmet", Version: "8.3.0", Use: ByApp}},
		DevDependencies: []Package{{Name: "@types/express", Version: "5.0.6"}},
		Node:            20,
		OwnHelmet:       true,
		TestImports:     nodeImports,
		TestServer:      "  const server = createServer(createApp());" + nodeServer,
	}
}

func mountOnExpress(r Route) ts.Doc {
	method := r.Operation.API.Method
	path := ts.Text(ts.Quote(r.Operation.Path.PathToRegexp()))
	if r.further() {
		return ts.Call("router.all", path, ts.Call("only", ts.Text(ts.Quote(method)), r.Handler))
	}
	return ts.Call("router."+strings.ToLower(method), path, r.Handler)
}
