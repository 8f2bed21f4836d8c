package elevate

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// way is how a statement is run.
type way int

const (
	plain     way = iota // as the role that we are
	raised               // as a superuser: no code of the schema runs in it
	attempt              // plain; raised when it is refused for a reason that the kind knows
	leakproof            // plain without that word, which is then set
	wrapper              // raised without the validator, which is then set
	extension            // by the superuser itself
)

// kind is what a statement is about, as far as it matters here.
type kind struct {
	way way
	// validators may stay in force: the statement sets or removes one, and gives
	// no options.
	validators bool
	// grant: it is about privileges on an object; option: it gives them with the
	// option to give them on.
	grant, option bool
	// owner: it gives an object away.
	owner bool
	// moves: it moves an extension, and so what is the superuser's.
	moves bool
	// replication: it sets session_replication_role.
	replication bool
}

// judge tells how a statement is run. What is raised has a form in which
// PostgreSQL evaluates nothing of the schema: no expression, no default, no
// initial value, no validator.
func judge(p phrase) kind {
	if len(p.tokens) == 0 {
		return kind{}
	}
	switch p.tokens[0].word {
	case "create":
		return created(p)
	case "alter":
		return altered(p)
	case "drop":
		if p.begins("drop", "cast|transform|subscription") || p.begins("drop", "access", "method") || p.begins("drop", "text", "search", "parser|template") {
			return kind{way: raised}
		}
	case "comment":
		if p.begins("comment", "on", "cast") || p.begins("comment", "on", "access", "method") || p.begins("comment", "on", "text", "search", "parser|template") {
			return kind{way: raised}
		}
	case "grant", "revoke":
		if on := p.find("on"); on > 0 && !p.at(on, "on", "parameter|database|tablespace") && !p.at(on, "on", "large", "object") {
			return kind{way: attempt, grant: true, option: p.find("with", "grant", "option") > 0}
		}
	case "set":
		if p.begins("set", "session_replication_role") || p.begins("set", "session|local", "session_replication_role") {
			return kind{way: raised, replication: true}
		}
	case "reset":
		if p.begins("reset", "session_replication_role") {
			return kind{way: raised, replication: true}
		}
	}
	return kind{}
}

func created(p phrase) kind {
	switch {
	case p.begins("create", "event", "trigger"),
		p.begins("create", "operator", "class|family"), p.begins("create", "cast|transform"),
		p.begins("create", "subscription") && p.unconnected(),
		p.begins("create", "access", "method"), p.begins("create", "text", "search", "parser|template"):
		return kind{way: raised}
	case p.begins("create", "publication"):
		return publication(p)
	case p.begins("create", "extension"):
		return kind{way: extension}
	case p.language() > 0:
		if p.find("handler") < 0 {
			return kind{way: extension} // which is what it means then
		}
		return kind{way: raised}
	case p.routine() > 0:
		return function(p)
	case p.begins("create", "type") && p.baseType():
		return kind{way: raised}
	case p.begins("create", "aggregate"), p.begins("create", "or", "replace", "aggregate"):
		if p.has("internal") && !p.hasName("initcond", "initcond1", "minitcond") {
			return kind{way: raised}
		}
	case p.begins("create", "foreign", "data", "wrapper"):
		return kind{way: wrapper}
	case p.begins("create", "foreign", "table"):
		return foreignTable(p)
	}
	return kind{}
}

func altered(p phrase) kind {
	owner := p.find("owner", "to") > 0 && (!p.hasSign(",") || p.begins("alter", "function|procedure|routine|aggregate|operator"))
	switch {
	case p.begins("alter", "publication") && !owner:
		return publication(p)
	case p.begins("alter", "operator", "family") && (p.find("add") > 0 || p.find("drop") > 0),
		p.begins("alter", "subscription"), p.begins("alter", "text", "search", "parser|template"),
		p.begins("alter", "type") && p.find("set") > 0 && p.find("schema") < 0 && p.find("attribute") < 0:
		return kind{way: raised}
	case p.begins("alter", "extension") && p.find("set", "schema") == 3: // whose types belong to the superuser
		return kind{way: raised, moves: true}
	case p.begins("alter", "function|procedure|routine") && p.find("leakproof") > 0 && p.find("set") < 0:
		return relabelled(p)
	case p.begins("alter", "foreign", "data", "wrapper") && p.find("owner") < 0 && p.find("rename") < 0:
		sets := p.find("validator") > 0
		if sets && p.find("options") > 0 {
			return kind{}
		}
		return kind{way: raised, validators: sets}
	case p.begins("alter", "foreign", "table") && !owner:
		return foreignTable(p)
	case p.begins("alter", "table") && (p.find("disable", "trigger", "all") > 0 || p.find("enable", "trigger", "all") > 0) && !p.hasSign(",", "("):
		return kind{way: raised}
	case owner:
		return kind{way: attempt, owner: true}
	}
	return kind{}
}

// unconnected tells whether a new subscription says that it asks nobody.
func (p phrase) unconnected() bool {
	for i := range p.tokens {
		if p.name(i) == "connect" && i+2 < len(p.tokens) && p.text(p.tokens[i+1]) == "=" {
			return slices.Contains([]string{"false", "off", "0"}, strings.ToLower(strings.Trim(p.text(p.tokens[i+2]), "'")))
		}
	}
	return false
}

// relabelled judges ALTER FUNCTION … LEAKPROOF. What it changes beside that needs
// no more rights than its owner has: raised, it would change functions of the
// server.
func relabelled(p phrase) kind {
	at := p.find("leakproof")
	if p.tokens[at-1].word == "not" {
		return kind{}
	}
	end := p.qualified(2)
	for end < len(p.tokens) && (p.tokens[end].depth > 0 || p.tokens[end].Kind == sqltext.Open || p.tokens[end].Kind == sqltext.Close) {
		end++
	}
	if end == at && at == len(p.tokens)-1 {
		return kind{way: raised}
	}
	return kind{way: leakproof}
}

// publication: of all tables, or of all in a schema. A condition on rows is
// parsed, with the values in it.
func publication(p phrase) kind {
	all := p.find("all", "tables") > 0 || p.find("tables", "in", "schema") > 0 || p.find("all", "sequences") > 0
	if all && !p.has("where") {
		return kind{way: raised}
	}
	return kind{}
}

// language is the place of the word in CREATE [OR REPLACE] [TRUSTED] LANGUAGE, or -1.
func (p phrase) language() int {
	for i := 1; i < len(p.tokens) && i < 6; i++ {
		switch p.tokens[i].word {
		case "or", "replace", "trusted", "procedural":
		case "language":
			return i
		default:
			return -1
		}
	}
	return -1
}

// routine is the place of the word FUNCTION or PROCEDURE behind CREATE, or -1.
func (p phrase) routine() int {
	i := 1
	if p.at(1, "or", "replace") {
		i = 3
	}
	if p.at(i, "function|procedure") {
		return i
	}
	return -1
}

// function judges CREATE FUNCTION by its language. Defaults of arguments are
// expressions.
func function(p phrase) kind {
	language := p.name(p.find("language") + 1)
	defaults := p.hasDefaults()
	switch {
	case language == "c" || language == "internal":
		if defaults {
			return kind{}
		}
		return kind{way: raised}
	case language != "" && language != "sql" && language != "plpgsql":
		if defaults {
			return kind{}
		}
		return kind{way: attempt}
	}
	if i := p.find("leakproof"); i > 0 && p.tokens[i-1].word != "not" {
		return kind{way: leakproof}
	}
	return kind{}
}

// hasDefaults tells whether an argument has a default value.
func (p phrase) hasDefaults() bool {
	for _, t := range p.tokens {
		if t.depth > 0 && (t.word == "default" || t.word == "" && p.text(t) == "=") {
			return true
		}
	}
	return false
}

// baseType tells CREATE TYPE a (INPUT = …) and CREATE TYPE a from the others.
func (p phrase) baseType() bool {
	end := p.qualified(2)
	return end == len(p.tokens) || p.text(p.tokens[end]) == "("
}

// foreignTable is one that reads a file or a program; what it holds of expressions
// would be parsed.
func foreignTable(p phrase) kind {
	if p.has("filename", "program") && !p.has("default", "check", "generated", "partition", "using") && !p.hasSign("::") {
		return kind{way: raised}
	}
	return kind{}
}
