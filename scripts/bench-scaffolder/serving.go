package main

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
)

//go:embed orders
var orders embed.FS

// validation is what it costs to judge a body of 1 kB.
func (b *bench) validation() error {
	projects, err := b.orderServers("fastify")
	if err != nil {
		return err
	}
	return b.node("validation.mjs", projects[0], fmt.Sprint(4*b.rounds))
}

// serving is what a request costs a generated server, and servers written by hand.
func (b *bench) serving() error {
	projects, err := b.orderServers("express", "fastify", "koa")
	if err != nil {
		return err
	}
	return b.node("requests.mjs", append([]string{fmt.Sprint(60 * b.rounds), fmt.Sprint(b.requests)}, projects...)...)
}

// orderServers generates and builds a server for each framework.
func (b *bench) orderServers(frameworks ...string) ([]string, error) {
	if err := b.unpack(); err != nil {
		return nil, err
	}
	scripts := b.scripts()
	var projects []string
	for _, framework := range frameworks {
		project := filepath.Join(b.dir, framework)
		if _, err := execute(b.dir, b.tool, "generate", filepath.Join(scripts, "openapi.json"), "--framework", framework, "--output", project); err != nil {
			return nil, err
		}
		projects = append(projects, project)
	}
	_, err := execute(scripts, append([]string{"node", "build.mjs"}, projects...)...)
	return projects, err
}

// unpack puts the scripts of all sections, and their packages, into b.dir, once.
func (b *bench) unpack() error {
	if _, err := os.Stat(b.scripts()); err == nil {
		return nil
	}
	for _, scripts := range []embed.FS{orders, rows} {
		if err := os.CopyFS(b.dir, scripts); err != nil {
			return err
		}
	}
	return os.Symlink(filepath.Join(b.npm, "node_modules"), filepath.Join(b.dir, "node_modules"))
}

func (b *bench) scripts() string { return filepath.Join(b.dir, "orders") }

// node runs one of the scripts, and prints what it says.
func (b *bench) node(script string, args ...string) error {
	s, err := execute(b.scripts(), append([]string{"node", script}, args...)...)
	fmt.Print(string(s.out))
	return err
}
