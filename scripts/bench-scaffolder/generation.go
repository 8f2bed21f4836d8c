package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// generator is a program that makes code of a document.
type generator struct {
	name    string
	command func(document, output string) []string
}

// generators are ours, which makes a whole server, and two that make types, or
// types and validators, for a client.
func (b *bench) generators() []generator {
	module := func(path string) string { return filepath.Join(b.npm, "node_modules", filepath.FromSlash(path)) }
	return []generator{
		{"scaffolder (a server)", func(document, output string) []string {
			return []string{b.tool, "generate", document, "--framework", "fastify", "--output", output}
		}},
		{"scaffolder --types-only", func(document, output string) []string {
			return []string{b.tool, "generate", document, "--types-only", "--output", output}
		}},
		{"openapi-typescript (types)", func(document, output string) []string {
			return []string{"node", module("openapi-typescript/bin/cli.js"), document, "--output", filepath.Join(output, "types.ts")}
		}},
		{"hey-api (types and zod)", func(document, output string) []string {
			return []string{"node", module("@hey-api/openapi-ts/bin/run.js"), "--input", document, "--output", output, "--plugins", "@hey-api/typescript", "zod"}
		}},
	}
}

// generation is what a run costs.
func (b *bench) generation() error {
	documents := b.documents
	if len(documents) == 0 {
		made, err := b.makeDocuments()
		if err != nil {
			return err
		}
		documents = made
	}
	for _, document := range documents {
		if err := b.generateFrom(document); err != nil {
			return err
		}
	}
	return nil
}

// makeDocuments has them made in a process of its own: the peak memory that the
// system tells of a program includes what the one that started it had.
func (b *bench) makeDocuments() ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if _, err := execute(".", self, "make", b.dir); err != nil {
		return nil, err
	}
	var paths []string
	for _, name := range []string{"bookshop.yaml", "medium.json", "large.json"} {
		paths = append(paths, filepath.Join(b.dir, name))
	}
	return paths, nil
}

func makeDocuments(dir string) error {
	example, err := os.ReadFile("docs/example/openapi.yaml")
	if err != nil {
		return fmt.Errorf("run it in the root of the workspace: %w", err)
	}
	for name, text := range map[string][]byte{
		"bookshop.yaml": example,
		"medium.json":   madeDocument(452, 775, 2_500_000),
		"large.json":    madeDocument(1223, 900, 13_000_000),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) generateFrom(document string) error {
	document, err := filepath.Abs(document)
	if err != nil {
		return err
	}
	info, err := os.Stat(document)
	if err != nil {
		return err
	}
	fmt.Printf("\nGeneration: %s, %.1f MB (median of %d turns)\n", filepath.Base(document), float64(info.Size())/1e6, b.rounds)
	all := b.generators()
	runs := make([][]spent, len(all))
	failed := make([]error, len(all))
	for range b.rounds {
		for i, g := range all {
			if failed[i] != nil {
				continue
			}
			s, err := b.turn(g, document)
			if failed[i] = err; err == nil {
				runs[i] = append(runs[i], s)
			}
		}
	}
	if failed[0] != nil {
		return failed[0]
	}
	ours := middle(runs[0])
	for i, g := range all {
		if failed[i] != nil {
			first, _, _ := strings.Cut(failed[i].Error(), "\n")
			fmt.Printf("  %-27s failed: %s\n", g.name, first)
			continue
		}
		s := middle(runs[i])
		fmt.Printf("  %-27s wall %7.0f ms   CPU %7.0f ms   memory %5.0f MB   CPU ratio %6.2f   memory ratio %5.2f\n",
			g.name, s.wall.Seconds()*1e3, s.cpu.Seconds()*1e3, float64(s.rss)/1e6, s.cpu.Seconds()/ours.cpu.Seconds(), float64(s.rss)/float64(ours.rss))
	}
	return nil
}

// turn is one run into a fresh directory.
func (b *bench) turn(g generator, document string) (spent, error) {
	output, err := os.MkdirTemp(b.dir, "out-")
	if err != nil {
		return spent{}, err
	}
	defer os.RemoveAll(output)
	return execute(output, g.command(document, output)...)
}
