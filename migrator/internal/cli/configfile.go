package cli

import (
	"encoding"
	"errors"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"gopkg.in/yaml.v3"

	"github.com/seniorbackend/tools/shared/problem"
)

// This file reads the configuration file: a value for each flag, at the top for
// every command that has the flag, or below a command's name for that one. The
// other tools have the same file.

// configurationFile is kong's resolver of a file.
type configurationFile struct {
	name string
	root *yaml.Node // a mapping; nil for an empty file
}

// configuration reads a configuration file for kong.
func configuration(r io.Reader) (kong.Resolver, error) {
	c := configurationFile{name: "the configuration file"}
	if f, ok := r.(*os.File); ok {
		c.name = f.Name()
	}
	var document yaml.Node
	if err := yaml.NewDecoder(r).Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		return nil, problem.Wrap(err, "it is YAML: one flag a line, e.g. no-color: true", "%s: %s", c.name, quotedAnchor.ReplaceAllString(strings.TrimPrefix(err.Error(), "yaml: "), "an anchor that is not there (a value that begins with * is written in quotes)"))
	}
	if len(document.Content) == 0 || document.Content[0].Tag == "!!null" {
		return environmentFirst{c}, nil
	}
	c.root = document.Content[0]
	if c.root.Kind != yaml.MappingNode {
		return nil, c.problem(c.root, "it is YAML: one flag a line, e.g. no-color: true", "a configuration file is a list of key: value")
	}
	return environmentFirst{c}, nil
}

// quotedAnchor is how the parser quotes a value such as *secret.
var quotedAnchor = regexp.MustCompile(`unknown anchor '.*' referenced`)

func (c configurationFile) problem(at *yaml.Node, hint, format string, args ...any) error {
	return problem.New(hint, format, args...).In(c.name, at.Line, at.Column)
}

// Validate refuses keys that nothing reads: a misspelt one would change nothing
// in silence.
func (c configurationFile) Validate(app *kong.Application) error {
	return c.each(c.root, func(key, value *yaml.Node) error {
		if command := childNamed(app.Node, key.Value); command != nil {
			if value.Kind != yaml.MappingNode {
				return c.problem(key, "write the command's flags below it, e.g. "+key.Value+":\\n  no-color: true", "%s is a command: its value is a list of flags", key.Value)
			}
			return c.each(value, func(key, value *yaml.Node) error {
				return c.check(key, value, command.Name, flagsOf(command, app.Node))
			})
		}
		all := [][]*kong.Flag{app.Flags}
		for _, child := range app.Children {
			all = append(all, child.Flags)
		}
		return c.check(key, value, "", slices.Concat(all...))
	})
}

// check holds one key against the flags that may stand there.
func (c configurationFile) check(key, value *yaml.Node, command string, flags []*kong.Flag) error {
	var names []string
	for _, f := range flags {
		if f.Name == key.Value && f.Name != "help" && f.Name != "version" && f.Name != "config" {
			if value.Kind == yaml.MappingNode {
				return c.problem(value, "write "+key.Value+": VALUE", "%s takes a value or a list", key.Value)
			}
			return nil
		}
		names = append(names, f.Name)
	}
	where := ""
	if command != "" {
		where = " of " + command
	}
	hint := "the keys are the flags' names without dashes"
	if near := closest(key.Value, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return c.problem(key, hint, "unknown key %s%s", key.Value, where)
}

// Resolve gives a flag's value: below its command before the one at the top.
func (c configurationFile) Resolve(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	var found *yaml.Node
	look := func(mapping *yaml.Node) {
		c.each(mapping, func(key, value *yaml.Node) error {
			if key.Value == flag.Name && value.Kind != yaml.MappingNode {
				found = value
			}
			return nil
		})
	}
	look(c.root)
	if parent.Command != nil {
		c.each(c.root, func(key, value *yaml.Node) error {
			if key.Value == parent.Command.Name && value.Kind == yaml.MappingNode {
				look(value)
			}
			return nil
		})
	}
	if found == nil || found.Tag == "!!null" {
		return nil, nil
	}
	return c.value(found, flag)
}

// value is what kong is given: texts, as the command line would.
func (c configurationFile) value(n *yaml.Node, flag *kong.Flag) (any, error) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.ScalarNode {
		return n.Value, nil
	}
	if flag.Target.Kind() != reflect.Slice {
		return nil, c.problem(n, "write one value", "--%s takes one value, not a list", flag.Name)
	}
	items := []any{}
	var texts []string
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode {
			return nil, c.problem(item, "write a list of plain values", "an item of %s is no plain value", flag.Name)
		}
		items = append(items, item.Value)
		texts = append(texts, item.Value)
	}
	// What is a text, or reads itself from one, may hold a comma.
	item := flag.Target.Type().Elem()
	if item.Kind() == reflect.String || reflect.PointerTo(item).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return items, nil
	}
	return strings.Join(texts, ","), nil
}

// each calls f for every key of a mapping, and stops at its first error.
func (c configurationFile) each(mapping *yaml.Node, f func(key, value *yaml.Node) error) error {
	if mapping == nil {
		return nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if key := mapping.Content[i]; seen[key.Value] {
			return c.problem(key, "write it once", "the key %s stands here a second time", key.Value)
		}
		seen[mapping.Content[i].Value] = true
		if err := f(mapping.Content[i], mapping.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// environmentFirst keeps the order flag > environment > file: kong by itself
// lets the file win over the environment.
type environmentFirst struct{ kong.Resolver }

func (r environmentFirst) Resolve(ctx *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return r.Resolver.Resolve(ctx, parent, flag)
}

func childNamed(node *kong.Node, name string) *kong.Node {
	for _, child := range node.Children {
		if child.Name == name {
			return child
		}
	}
	return nil
}

func flagsOf(nodes ...*kong.Node) []*kong.Flag {
	var flags []*kong.Flag
	for _, n := range nodes {
		flags = append(flags, n.Flags...)
	}
	return flags
}

// closest is the name that differs from word by one slip of the finger, or "".
func closest(word string, names []string) string {
	for _, name := range names {
		if oneSlip(word, name) {
			return name
		}
	}
	return ""
}

// oneSlip says whether one letter more, less or other, two exchanged, or _ for -
// makes one word of the other.
func oneSlip(a, b string) bool {
	a, b = strings.ReplaceAll(strings.ToLower(a), "_", "-"), strings.ToLower(b)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}

// noSuchFile is a file or folder that is not there, in an error of kong: the value
// of a flag that it names, or else the configuration file.
func noSuchFile(err error) error {
	var path *os.PathError
	if !errors.As(err, &path) || !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if flag, _, ok := strings.Cut(err.Error(), ": "); ok && strings.HasPrefix(flag, "--") && !strings.HasPrefix(flag, "--config") {
		flag, _, _ = strings.Cut(flag, "=")
		return problem.Wrap(err, "", "%s: %s does not exist", flag, path.Path)
	}
	return problem.Wrap(err, "write --config FILE, or leave it out", "the configuration file %s does not exist", path.Path)
}
