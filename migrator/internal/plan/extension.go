package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

func makeExtension(o *catalog.Object, d *catalog.Extension) []step {
	sql := "CREATE EXTENSION " + catalog.Quote(o.ID.Name)
	if d.Schema != "pg_catalog" {
		sql += " WITH SCHEMA " + catalog.Quote(d.Schema)
	}
	if d.Default != "" && d.Version != d.Default && !d.AnyVersion {
		sql += " VERSION " + catalog.Literal(d.Version)
	}
	return []step{say(o.ID, sql)}
}

func alterExtension(s *state) []step {
	d := catalog.As[*catalog.Extension](s.new)
	var steps []step
	if s.differs(catalog.FieldVersion) {
		steps = append(steps, do(s.id, "ALTER EXTENSION %s UPDATE TO %s", catalog.Quote(s.id.Name), catalog.Literal(d.Version)))
	}
	if s.differs(catalog.FieldSchema) {
		steps = append(steps, do(s.id, "ALTER EXTENSION %s SET SCHEMA %s", catalog.Quote(s.id.Name), catalog.Quote(d.Schema)))
	}
	return steps
}

func makeLanguage(o *catalog.Object, d *catalog.Language) []step {
	sql := "CREATE "
	if d.Trusted {
		sql += "TRUSTED "
	}
	sql += "LANGUAGE " + o.ID.SQL()
	if d.Handler != "" {
		sql += " HANDLER " + d.Handler
	}
	if d.Inline != "" {
		sql += " INLINE " + d.Inline
	}
	if d.Validators != "" {
		sql += " VALIDATOR " + d.Validators
	}
	return []step{say(o.ID, sql)}
}

func makeCollation(o *catalog.Object, d *catalog.Collation) []step {
	options := []string{"provider = " + map[string]string{"i": "icu", "c": "libc", "b": "builtin"}[d.Provider]}
	switch {
	case d.Locale != "":
		options = append(options, "locale = "+catalog.Literal(d.Locale))
	case d.Collate == d.Ctype:
		options = append(options, "locale = "+catalog.Literal(d.Collate))
	default:
		options = append(options, "lc_collate = "+catalog.Literal(d.Collate), "lc_ctype = "+catalog.Literal(d.Ctype))
	}
	if !d.Deterministic {
		options = append(options, "deterministic = false")
	}
	if d.Rules != "" {
		options = append(options, "rules = "+catalog.Literal(d.Rules))
	}
	return []step{say(o.ID, "CREATE COLLATION "+o.ID.SQL()+" ("+strings.Join(options, ", ")+")")}
}
