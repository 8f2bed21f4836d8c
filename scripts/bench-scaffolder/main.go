// Command bench-scaffolder measures scaffolder, and what it generates, beside
// its peers from npm: in one run on one machine, taking turns, as ratios.
//
//	go run ./scripts/bench-scaffolder                      # all sections
//	go run ./scripts/bench-scaffolder -only generation -rounds 5
//	go run ./scripts/bench-scaffolder -only generation -documents mine.yaml,other.json
//	migrator scratch -- go run ./scripts/bench-scaffolder -only database
//
// The documents are made here: a bookshop of five operations, one of the size of
// Stripe's (452 operations, 2.5 MB) and one of 1,223 operations and 13 MB. The
// packages of npm/ are installed once into the user's cache directory.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// bench is what the sections share.
type bench struct {
	tool      string // the scaffolder binary
	npm       string // a directory with node_modules
	dir       string // for everything that is made
	rounds    int
	requests  int
	documents []string
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "make" {
		if err := makeDocuments(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "bench-scaffolder:", err)
			os.Exit(1)
		}
		return
	}
	only := flag.String("only", "generation,validation,requests", "sections to run; database needs DATABASE_URL")
	rounds := flag.Int("rounds", 3, "how often each contender has its turn")
	tool := flag.String("tool", "", "a scaffolder binary (default: built from the work tree)")
	documents := flag.String("documents", "", "documents to generate from, separated by commas (default: made)")
	requests := flag.Int("requests", 50, "requests of each turn")
	flag.Parse()
	if err := run(bench{tool: *tool, rounds: *rounds, requests: *requests}, *only, *documents); err != nil {
		fmt.Fprintln(os.Stderr, "bench-scaffolder:", err)
		os.Exit(1)
	}
}

func run(b bench, only, documents string) error {
	dir, err := os.MkdirTemp("", "bench-scaffolder-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b.dir = dir
	if documents != "" {
		b.documents = strings.Split(documents, ",")
	}
	if b.tool == "" {
		b.tool = filepath.Join(dir, "scaffolder")
		build := exec.Command("go", "build", "-o", b.tool, "github.com/seniorbackend/tools/scaffolder")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build scaffolder: %w", err)
		}
	}
	if b.npm, err = packages(); err != nil {
		return err
	}
	sections := map[string]func() error{"generation": b.generation, "validation": b.validation, "requests": b.serving, "database": b.database}
	for _, name := range strings.Split(only, ",") {
		section, ok := sections[name]
		if !ok {
			return fmt.Errorf("no section %q", name)
		}
		if err := section(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
