// Command score-spec says how much of a project's API a document has: recall and
// precision of endpoints, and of what requests hold, against a list such as one written
// by hand or by asking the running application.
//
//	scaffolder spec DIR --format json | score-spec endpoints.txt
//
// A line of the list is an endpoint, "GET /users/:id", or one thing that a request of it
// holds: "GET /users query page", "POST /users body name", "POST /users body
// address.city", "GET /users header x-tenant". Names of parameters in paths do not count:
// {id}, :id and {userId} are the same. Only endpoints that the list has such a thing of, or
// "POST /logout nothing", are scored by what they hold. Lines that begin with # are left
// out.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
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
	if err := score(out, "endpoints", want.endpoints, got.endpoints); err != nil {
		return err
	}
	if len(want.looked) == 0 {
		return nil
	}
	held := slices.DeleteFunc(got.held, func(line string) bool { return !want.looked[endpointOf(line)] })
	return score(out, "parameters and fields", want.held, held)
}

// contents are endpoints, and what their requests hold.
type contents struct {
	endpoints, held []string
	// looked are the endpoints of which it is known what they hold.
	looked map[string]bool
}

// labelled reads the list.
func labelled(r io.Reader) (contents, error) {
	out := contents{looked: map[string]bool{}}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 2 || strings.HasPrefix(words[0], "#") {
			continue
		}
		endpoint := plain(words[0], words[1])
		if !slices.Contains(out.endpoints, endpoint) {
			out.endpoints = append(out.endpoints, endpoint)
		}
		if len(words) > 2 {
			out.looked[endpoint] = true
		}
		if len(words) > 3 {
			out.held = append(out.held, endpoint+" "+words[2]+" "+words[3])
		}
	}
	return out, lines.Err()
}

func endpointOf(line string) string {
	words := strings.Fields(line)
	return words[0] + " " + words[1]
}

func score(out io.Writer, what string, want, got []string) error {
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
	_, err := fmt.Fprintf(out, "%s: recall %.3f (%d of %d), precision %.3f (%d of %d)\n",
		what, ratio(found, len(want)), found, len(want), ratio(right, len(got)), right, len(got))
	return err
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}
