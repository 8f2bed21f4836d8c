// Command score-spec says how many of a project's endpoints a document has: recall and
// precision against a list of "METHOD /path" lines, such as one written by hand or by
// asking the running application.
//
//	scaffolder spec DIR --format json | score-spec endpoints.txt
//
// Names of parameters do not count: {id}, :id and {userId} are the same. Lines of the
// list that begin with # are left out.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run(args []string, document io.Reader, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: score-spec ENDPOINTS < DOCUMENT.json")
	}
	file, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer file.Close()
	want, err := labelled(file)
	if err != nil {
		return err
	}
	got, err := described(document)
	if err != nil {
		return err
	}
	return score(out, want, got)
}

// labelled reads the list.
func labelled(r io.Reader) ([]string, error) {
	var out []string
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		method, path, ok := strings.Cut(line, " ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		out = append(out, plain(method, strings.TrimSpace(path)))
	}
	return out, lines.Err()
}

// described reads the operations of a document in JSON.
func described(r io.Reader) ([]string, error) {
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.NewDecoder(r).Decode(&document); err != nil {
		return nil, fmt.Errorf("reading the document: %w", err)
	}
	var out []string
	for path, item := range document.Paths {
		for method := range item {
			switch method {
			case "get", "put", "post", "delete", "options", "head", "patch", "trace":
				out = append(out, plain(method, path))
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

// plain is an endpoint in the form that is compared.
func plain(method, path string) string {
	parameter := regexp.MustCompile(`\{[^}]*\}|:[A-Za-z0-9_]+(\([^)]*\))?|\*[A-Za-z0-9_]*`)
	path = parameter.ReplaceAllString(path, "{}")
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	return strings.ToUpper(method) + " " + path
}

func score(out io.Writer, want, got []string) error {
	found := 0
	for _, e := range want {
		if slices.Contains(got, e) {
			found++
		} else {
			fmt.Fprintln(out, "missing  ", e)
		}
	}
	right := 0
	for _, e := range got {
		if slices.Contains(want, e) {
			right++
		} else {
			fmt.Fprintln(out, "too much ", e)
		}
	}
	_, err := fmt.Fprintf(out, "recall %.3f (%d of %d), precision %.3f (%d of %d)\n",
		ratio(found, len(want)), found, len(want), ratio(right, len(got)), right, len(got))
	return err
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}
