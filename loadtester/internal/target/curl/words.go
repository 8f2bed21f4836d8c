package curl

import (
	"errors"
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"

	"github.com/seniorbackend/tools/shared/problem"
)

// control is \cX in $'…', which would be read as it stands.
var control = regexp.MustCompile(`\$'(?:[^'\\]|\\[^c])*\\c`)

// split reads text as bash reads a simple command. Variables come from env, and
// an unset one is an error: an empty token would be tested in its place. Nothing
// is run: command and process substitution are refused, and so are globs' reads.
func split(text string, env func(string) (string, bool)) ([]string, error) {
	const hint = "paste one plain curl command, without pipes, redirections or $(…)"
	if control.MatchString(text) {
		return nil, problem.New("write the character itself, or its number: \\x01", "the command has a control escape, \\c, in $'…'")
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		var p syntax.ParseError
		if errors.As(err, &p) {
			return nil, problem.Wrap(err, "look for an open quote", "the command cannot be read: %s at column %d", p.Text, p.Pos.Col())
		}
		return nil, problem.Wrap(err, "look for an open quote", "the command cannot be read: %v", err)
	}
	if len(file.Stmts) != 1 {
		return nil, problem.New(hint, "there are %d commands, not one", len(file.Stmts))
	}
	stmt := file.Stmts[0]
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	if !ok || len(stmt.Redirs) > 0 || stmt.Background || stmt.Negated || len(call.Assigns) > 0 {
		return nil, problem.New(hint, "it is more than a plain command")
	}
	config := &expand.Config{
		NoUnset: true,
		Env: expand.FuncEnviron(func(name string) string {
			if name == "IFS" || env == nil {
				return ""
			}
			value, _ := env(name)
			return value
		}),
	}
	words, err := expand.Fields(config, call.Args...)
	if err != nil {
		var unset expand.UnsetParameterError
		var command expand.UnexpectedCommandError
		switch {
		case errors.As(err, &unset):
			return nil, problem.Wrap(err, "set it, or write the value itself", "the environment variable %s is not set", unset.Node.Param.Value)
		case errors.As(err, &command):
			return nil, problem.Wrap(err, hint, "it runs another command inside")
		}
		return nil, problem.Wrap(err, hint, "the command cannot be read: %v", err)
	}
	return words, nil
}
