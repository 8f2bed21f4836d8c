package framework

import (
	"io/fs"

	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/templates"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Framework is what is different about a server on Express, Fastify or Koa. Another
// one is a file with another value, and a folder of templates.
type Framework struct {
	Name  string // of its folder of templates, and on the command line
	Title string // as people write it
	// Mount is the statement that has an operation answered.
	Mount func(r Route) ts.Doc

	Dependencies    []Package
	DevDependencies []Package
	// Node is the oldest version of Node.js that all of them ask for.
	Node int
	// Mounting is how an application of the user's takes the API in.
	Mounting string
	// OwnHelmet: helmet is middleware of the framework as it is.
	OwnHelmet bool
	// Serializes: it writes answers by schemas.
	Serializes bool
	// Code of contract/setup.ts: what it imports more, and how a server is started
	// on a free port and stopped again.
	TestImports, TestServer string
}

// Route is an operation on its way into the framework.
type Route struct {
	Operation *operation.Operation
	Handler   ts.Doc // an expression
	// Serialized: responses.ts has schemas for its answers.
	Serialized bool
}

// further says that the framework has no function of the method's name.
func (r Route) further() bool { return !operation.HasShorthand(r.Operation.API.Method) }

// Package is a package of npm in one version.
type Package struct {
	Name, Version string
	Use           Use
	// ESOnly: it is an ES module and nothing else.
	ESOnly bool
	// NoDefault: it is CommonJS, and TypeScript imports its default by esModuleInterop alone.
	NoDefault bool
}

// Use is what a package is for.
type Use int

const (
	ByAPI   Use = iota // the API's own code imports it
	ByApp              // the application around it does: app.ts, server.ts
	ByStyle            // no code needs it: it formats and lints
)

// frameworks are all that servers are made for.
func All() []Framework { return []Framework{express(), fastify(), koa()} }

// frameworkNamed finds a framework by its name.
func Named(name string) (Framework, bool) {
	for _, f := range All() {
		if f.Name == name {
			return f, true
		}
	}
	return Framework{}, false
}

// Templates are the files that only this framework has.
func (f Framework) Templates() fs.FS { return templates.Of(f.Name) }

// nodeServer starts what node:http has made.
const nodeServer = `
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port, stop };`

const nodeImports = "import { createServer } from 'node:http';\n"
