// Command try-documents shows what the scaffolder does with documents that nobody has
// tried it on: each OpenAPI document of some folders becomes a server, which is compiled,
// tested by the tests that come with it, and started.
//
//	go run ./scripts/try-documents -sample 60 ../openapi-directory/APIs
//
// It prints a line for each document with what it cost, and at the end how many of them
// went through each step; exit code 1 where one that is valid did not. Documents that the
// scaffolder refuses with a place in them count as refused, and are listed.
//
// It needs node and npm, and installs the packages of generated servers once, into the
// user's cache directory.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

type trial struct {
	tool, packages, work string
	compilers            []string
	flags                []string
	strict               bool
}

func main() {
	sample := flag.Int("sample", 0, "how many documents, as many of each folder and spread evenly in it; 0: all of them")
	both := flag.Bool("both", false, "compile with TypeScript 5.9 as well as 7, which takes eight times as long")
	strict := flag.Bool("strict", false, "compile with settings that users may have and the projects do not: noUnusedLocals, isolatedDeclarations and others")
	options := flag.String("options", "", "further flags of scaffolder generate")
	dir := flag.String("work", "", "where the projects of documents that failed are kept (default: a temporary folder)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	t := &trial{compilers: []string{"typescript-7"}, flags: strings.Fields(*options), work: *dir, strict: *strict}
	if *both {
		t.compilers = append(t.compilers, "typescript")
	}
	ok, err := t.run(ctx, flag.Args(), *sample)
	if err != nil {
		fmt.Fprintf(os.Stderr, "error: %v\n", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func (t *trial) run(ctx context.Context, folders []string, sample int) (bool, error) {
	var documents []string
	for i, folder := range folders {
		found, err := find(folder)
		if err != nil {
			return false, err
		}
		documents = append(documents, spread(found, share(sample, i, len(folders)))...)
	}
	if len(documents) == 0 {
		return false, errors.New("no OpenAPI 3 documents there; name a folder of .json or .yaml files")
	}
	if err := t.prepare(ctx); err != nil {
		return false, err
	}
	total := totals{}
	for i, document := range documents {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		r := t.try(ctx, document, frameworks[i%len(frameworks)])
		fmt.Println(r)
		total.add(r)
	}
	fmt.Print("\n", total)
	return total.failed() == 0, nil
}

var frameworks = []string{"express", "fastify", "koa"}

// find lists the files of a folder that are OpenAPI 3 documents by their beginning.
func find(folder string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".json", ".yaml", ".yml":
			if isDocument(path) {
				out = append(out, path)
			}
		}
		return nil
	})
	return out, err
}

// share is how many of a sample the i-th of n folders gives; below 0: all it has.
func share(sample, i, n int) int {
	if sample <= 0 {
		return -1
	}
	return sample*(i+1)/n - sample*i/n
}

func isDocument(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := f.Read(head)
	for line := range strings.Lines(string(head[:n])) {
		key, value, ok := strings.Cut(strings.Trim(line, "{ \t\r\n"), ":")
		if ok && strings.Trim(key, `"' `) == "openapi" {
			return strings.HasPrefix(strings.Trim(value, `"' ,`), "3.")
		}
	}
	return false
}

// spread takes n of a list, evenly.
func spread(all []string, n int) []string {
	if n < 0 || n >= len(all) { // a folder that has fewer gives all it has
		return all
	}
	var out []string
	for i := range n {
		out = append(out, all[i*len(all)/n])
	}
	return out
}

// result is what became of one document.
type result struct {
	document, framework string
	step                string // that failed: "refused", "generate", "compile", "test", "start"; "": none
	said                string
	cpu                 time.Duration // of the scaffolder
	memory              int64         // bytes at most
	size                int64
}

func (r result) String() string {
	word := "ok"
	if r.step != "" {
		word = "FAIL " + r.step
		if r.step == refused {
			word = refused
		}
	}
	line := fmt.Sprintf("%-13s %-7s %5.2f s %4d MB %6d kB  %s", word, r.framework, r.cpu.Seconds(), r.memory>>20, r.size>>10, r.document)
	if r.said != "" {
		line += "\n    " + strings.ReplaceAll(r.said, "\n", "\n    ")
	}
	return line
}

const refused = "refused"

// totals are how many documents ended at which step; "" is the end.
type totals map[string]int

func (t totals) add(r result) { t[r.step]++ }

func (t totals) failed() int { return t["generate"] + t["compile"] + t["test"] + t["start"] }

func (t totals) String() string {
	valid := t[""] + t.failed()
	if valid == 0 {
		return fmt.Sprintf("%d documents, all refused\n", t[refused])
	}
	return fmt.Sprintf("%d documents are refused with a place. Of %d others %d start: %.1f %% (%d do not generate, %d do not compile, %d fail in their own tests, %d do not start)\n",
		t[refused], valid, t[""], 100*float64(t[""])/float64(valid), t["generate"], t["compile"], t["test"], t["start"])
}
