package fastify

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// foreign tells of a plugin that is not read and may make routes: one that nobody knows, or
// one of a package that is no plugin of Fastify by its name.
func (h *host) foreign(c *eval.Call, t *eval.Term) {
	module, _ := t.Path()
	switch {
	case module == "":
		c.Report("handed-over", c.At, "the plugin that is registered here is not known ("+eval.Describe(t)+"); routes that it adds are not read", "")
	case !strings.Contains(module, "fastify") && !strings.HasPrefix(module, "@sentry/") && !strings.HasPrefix(module, "@opentelemetry/"):
		c.Report("handed-over", c.At, module+" is registered as a plugin here; routes that the package adds are not read", "--verify shows what is mounted")
	}
}
