package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
)

// needs are what the generated code asks of files that are the user's and that no run
// writes again: packages in package.json, functions in auth.ts.
func needs(before, now *api.API, plan *tree.Plan, made generation, where layout) []api.Notice {
	var out []api.Notice
	if missing := missingPackages(made, where); len(missing) > 0 {
		out = append(out, api.Notice{
			Rule: "new-dependency", Warning: true, Hint: "npm install " + strings.Join(missing, " "),
			Message: fmt.Sprintf("%s lacks packages that the generated code needs: %s", where.show("package.json"), strings.Join(missing, ", ")),
		})
	}
	auth := path.Join(where.source, "auth.ts")
	if before == nil || !kept(plan, auth) {
		return out
	}
	for _, s := range now.Security {
		if !slices.ContainsFunc(before.Security, func(b *api.SecurityScheme) bool { return b.Name == s.Name }) {
			out = append(out, api.Notice{
				Rule: "new-security-scheme", Warning: true, At: s.At, Hint: "add it to authenticators; the compiler says what it has to be",
				Message: fmt.Sprintf("the security scheme %s is new: %s has no function for it yet", s.Name, where.show(auth)),
			})
		}
	}
	return out
}

// kept says that a file was there already and stays as it is.
func kept(plan *tree.Plan, name string) bool {
	return slices.ContainsFunc(plan.Changes, func(c tree.Change) bool { return c.Path == name && c.Before != nil })
}

// missingPackages are those that the code needs and the project's package.json does not
// name, as npm install takes them.
func missingPackages(made generation, where layout) []string {
	data, err := os.ReadFile(filepath.Join(where.project, "package.json"))
	if err != nil {
		return nil // a fresh one names them all
	}
	has := packagesOf(data)
	if has == nil {
		return nil // not JSON: npm says so
	}
	var out []string
	for _, one := range made.needs.Packages {
		if _, ok := has[one.Name]; !ok {
			out = append(out, one.Name+"@"+one.Version)
		}
	}
	slices.Sort(out)
	return out
}

// packagesOf are the packages that a package.json names, with their versions; nil where
// it cannot be read.
func packagesOf(data []byte) map[string]string {
	var p struct {
		Dependencies     map[string]string `json:"dependencies"`
		DevDependencies  map[string]string `json:"devDependencies"`
		PeerDependencies map[string]string `json:"peerDependencies"`
	}
	if json.Unmarshal(data, &p) != nil {
		return nil
	}
	out := map[string]string{}
	for _, m := range []map[string]string{p.PeerDependencies, p.DevDependencies, p.Dependencies} {
		maps.Copy(out, m)
	}
	return out
}
