package framework

import (
	"strings"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

func fastify() Framework {
	return Framework{
		Mounting: "app.register(routes)",
		Name:     "fastify", Title: "Fastify",
		Mount:        mountOnFastify,
		Dependencies: []Package{{Name: "@fastify/rate-limit", Version: "11.2.0", Use: ByApp}, {Name: "fastify", Version: "5.12.8"}, {Name: "helmet", Version: "8.3.0", Use: ByApp}},
		Node:         22, // cookie@2, through fastify, asks for it
		Serializes:   true,
		TestServer: `  const app = createApp();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return { port, stop: () => app.close() };`,
	}
}

func mountOnFastify(r Route) ts.Doc {
	method := r.Operation.API.Method
	path := ts.Text(ts.Quote(r.Operation.Path.FindMyWay()))
	schema := ts.Cat(ts.Text("schema: "), ts.Object(ts.Text("response: responses."+r.Operation.Symbol)))
	if r.further() {
		members := []ts.Doc{ts.Text("method: " + ts.Quote(method)), ts.Cat(ts.Text("url: "), path)}
		if r.Serialized {
			members = append(members, schema)
		}
		return ts.Cat(ts.Text("app.route("), ts.Expanded(append(members, ts.Cat(ts.Text("handler: "), r.Handler))...), ts.Text(")"))
	}
	args := []ts.Doc{path}
	if r.Serialized {
		args = append(args, ts.Object(schema))
	}
	return ts.Call("app."+strings.ToLower(method), append(args, r.Handler)...)
}
