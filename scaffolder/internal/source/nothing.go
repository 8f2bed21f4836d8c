package source

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// nothing says why no routes were found, where nothing else was said.
func (pr *program) nothing(routers []*route.Router) {
	if len(pr.ev.Diagnostics()) > 0 {
		return
	}
	const hint = "routes are read where they are registered with methods of Express, Fastify or Koa's routers; --verify shows what is mounted, and @openapi comments say routes"
	for _, r := range routers {
		if r.App {
			pr.ev.Report("no-routes", r.At, "the "+r.Name+" that is made here gets no route that is read: functions in use may look at paths themselves", hint)
		}
	}
	if len(routers) > 0 {
		return
	}
	var packages []string
	for _, e := range pr.ev.Externals() {
		if isLikeFramework(e.Name) && !isInert(e.Name) && !slices.Contains(packages, e.Name) {
			packages = append(packages, e.Name)
			pr.ev.Report("no-application", e.At, "no application of Express, Fastify or Koa is made in the code that is read; "+e.Name+" may make it, and is not read", hint)
		}
	}
}

// isLikeFramework says whether the name of a package says that it may make servers.
func isLikeFramework(name string) bool {
	if name == "express" || name == "koa" || name == "fastify" {
		return false // they are read
	}
	return slices.ContainsFunc([]string{"express", "koa", "fastify", "framework", "server"}, func(word string) bool { return strings.Contains(name, word) })
}
