package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scripts/goproxy"
	"github.com/seniorbackend/tools/scripts/house"
)

// thirdPartyPage is where the licences of all tools stand in one table.
var thirdPartyPage = filepath.Join("docs", "THIRD_PARTY.md")

// thirdParty makes that page of what the tools' programs are linked with.
func thirdParty(w house.Workspace) (string, error) {
	published, err := goproxy.Publish(w.Root, nil)
	if err != nil {
		return "", err
	}
	defer published.Close()
	users, licences := map[string][]string{}, map[string]string{}
	for _, tool := range house.Tools() {
		r := &release{tool: tool, root: w.Root, module: w.Path + "/" + tool, env: published.Env, log: io.Discard}
		modules, err := r.modules(platforms)
		if err != nil {
			return "", err
		}
		for _, m := range modules {
			users[m.path], licences[m.path] = append(users[m.path], tool), m.licence
		}
	}
	var names []string
	for name := range users {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString("# What the tools stand on\n\nThe programs contain these modules, each under its own licence. Made from the module graph; the texts themselves travel with every archive and package, as THIRD_PARTY.txt.\n\n| module | licence | in |\n|---|---|---|\n")
	for _, name := range names {
		in := strings.Join(users[name], ", ")
		if len(users[name]) == len(house.Tools()) {
			in = "all"
		}
		shown := name
		if name == "std" {
			shown = "Go's standard library"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", shown, licences[name], in)
	}
	b.WriteString("\nMPL-2.0 asks that the source of those modules be offered: it is what the module path names, unchanged.\n")
	return b.String(), nil
}
