package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// foreignOptions writes name=value pairs as OPTIONS wants them.
func foreignOptions(options []string) string {
	out := make([]string, len(options))
	for i, o := range options {
		name, value, _ := strings.Cut(o, "=")
		out[i] = catalog.Quote(name) + " " + catalog.Literal(value)
	}
	return strings.Join(out, ", ")
}

// changedOptions writes ADD, SET and DROP. PostgreSQL keeps options in the
// order in which they were added, so those that are out of order are added anew.
func changedOptions(old, now []string) string {
	had := optionMap(old)
	var out []string
	at := 0 // how many of now are in place
	for _, o := range old {
		name, _, _ := strings.Cut(o, "=")
		if at < len(now) && strings.HasPrefix(now[at], name+"=") {
			at++
			continue
		}
		out = append(out, "DROP "+catalog.Quote(name))
	}
	for i, o := range now {
		name, value, _ := strings.Cut(o, "=")
		switch {
		case i >= at:
			out = append(out, "ADD "+catalog.Quote(name)+" "+catalog.Literal(value))
		case had[name] != value:
			out = append(out, "SET "+catalog.Quote(name)+" "+catalog.Literal(value))
		}
	}
	return strings.Join(out, ", ")
}

func withOptions(sql string, options []string) string {
	if len(options) == 0 {
		return sql
	}
	return sql + " OPTIONS (" + foreignOptions(options) + ")"
}

func makeWrapper(o *catalog.Object, d *catalog.Wrapper) []step {
	sql := "CREATE FOREIGN DATA WRAPPER " + o.ID.SQL()
	if d.Handler != "" {
		sql += " HANDLER " + d.Handler
	}
	if d.Validator != "" {
		sql += " VALIDATOR " + d.Validator
	}
	return []step{say(o.ID, withOptions(sql, d.Options))}
}

func makeServer(o *catalog.Object, d *catalog.Server) []step {
	sql := "CREATE SERVER " + o.ID.SQL()
	if d.Type != "" {
		sql += " TYPE " + catalog.Literal(d.Type)
	}
	if d.Version != "" {
		sql += " VERSION " + catalog.Literal(d.Version)
	}
	sql += " FOREIGN DATA WRAPPER " + catalog.Quote(d.Wrapper)
	return []step{say(o.ID, withOptions(sql, d.Options))}
}

func makeUserMapping(o *catalog.Object, d *catalog.UserMapping) []step {
	return []step{say(o.ID, withOptions("CREATE USER MAPPING FOR "+catalog.Role(o.ID.Sub)+" SERVER "+catalog.Quote(o.ID.Name), d.Options))}
}

func alterForeign(s *state) []step {
	switch now := s.new.Detail.(type) {
	case *catalog.Wrapper:
		return alterWrapper(s, catalog.As[*catalog.Wrapper](s.old), now)
	case *catalog.Server:
		old := catalog.As[*catalog.Server](s.old)
		sql := "ALTER SERVER " + s.id.SQL()
		switch {
		case s.differs(catalog.FieldVersion) && now.Version == "":
			sql += " VERSION NULL"
		case s.differs(catalog.FieldVersion):
			sql += " VERSION " + catalog.Literal(now.Version)
		}
		if s.differs(catalog.FieldOptions) {
			sql += " OPTIONS (" + changedOptions(old.Options, now.Options) + ")"
		}
		if s.differs(catalog.FieldVersion, catalog.FieldOptions) {
			return []step{say(s.id, sql)}
		}
	case *catalog.UserMapping:
		old := catalog.As[*catalog.UserMapping](s.old)
		if words := changedOptions(old.Options, now.Options); words != "" {
			return []step{say(s.id, "ALTER USER MAPPING FOR "+catalog.Role(s.id.Sub)+" SERVER "+catalog.Quote(s.id.Name)+" OPTIONS ("+words+")")}
		}
	}
	return nil
}

func alterWrapper(s *state, old, now *catalog.Wrapper) []step {
	sql := "ALTER FOREIGN DATA WRAPPER " + s.id.SQL()
	head := len(sql)
	part := func(name, old, now string) {
		switch {
		case old == now:
		case now == "":
			sql += " NO " + name
		default:
			sql += " " + name + " " + now
		}
	}
	part("HANDLER", old.Handler, now.Handler)
	part("VALIDATOR", old.Validator, now.Validator)
	if words := changedOptions(old.Options, now.Options); words != "" {
		sql += " OPTIONS (" + words + ")"
	}
	if len(sql) == head {
		return nil
	}
	return []step{say(s.id, sql)}
}

// dropOdd removes the objects whose DROP has a form of its own.
func dropOdd(o *catalog.Object) []step {
	switch d := o.Detail.(type) {
	case *catalog.UserMapping:
		return []step{say(o.ID, "DROP USER MAPPING FOR "+catalog.Role(o.ID.Sub)+" SERVER "+catalog.Quote(o.ID.Name))}
	case *catalog.PublicationTable:
		return []step{say(o.ID, "ALTER PUBLICATION "+catalog.Quote(o.ID.Name)+" DROP TABLE ONLY "+d.Table.SQL())}
	case *catalog.PublicationSchema:
		return []step{say(o.ID, "ALTER PUBLICATION "+catalog.Quote(o.ID.Name)+" DROP TABLES IN SCHEMA "+catalog.Quote(d.Schema))}
	}
	return nil // a view's column goes with the view
}
