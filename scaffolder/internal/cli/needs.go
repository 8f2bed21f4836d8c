package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
)

// needs are what the generated code asks of files that are the user's and that no run
// writes again: packages in package.json, functions in auth.ts.
func needs(before, now *api.API, plan *tree.Plan, made generation, where layout) []api.Notice {
	var out []api.Notice
	if missing := missingPackages(plan, made); len(missing) > 0 {
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

// missingPackages are those of a fresh package.json that the project's does not name,
// as npm install takes them.
func missingPackages(plan *tree.Plan, made generation) []string {
	i := slices.IndexFunc(plan.Changes, func(c tree.Change) bool { return c.Path == "package.json" && c.Owner == tree.User })
	fresh := slices.IndexFunc(made.files, func(f tree.File) bool { return f.Path == "package.json" })
	if i < 0 || fresh < 0 || plan.Changes[i].Before == nil {
		return nil
	}
	has, wants := packagesOf(plan.Changes[i].Before), packagesOf(made.files[fresh].Content)
	if has == nil {
		return nil // not JSON: npm says so
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(wants)) {
		if _, ok := has[name]; !ok && !tooling[name] {
			out = append(out, name+"@"+wants[name])
		}
	}
	return out
}

// tooling are packages that the code itself does not need.
var tooling = map[string]bool{"@eslint/js": true, "eslint": true, "prettier": true, "typescript-eslint": true}

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
