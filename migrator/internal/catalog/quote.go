package catalog

import "strings"

// Quote writes a name as SQL, quoted only where it must be.
func Quote(name string) string {
	if plainName(name) && !strings.Contains(reserved, " "+name+" ") {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// Literal writes a string constant.
func Literal(s string) string {
	s = strings.ReplaceAll(s, "'", "''")
	if strings.Contains(s, `\`) {
		return "E'" + strings.ReplaceAll(s, `\`, `\\`) + "'"
	}
	return "'" + s + "'"
}

// Role writes the name of a role or PUBLIC.
func Role(name string) string {
	if name == "public" {
		return "PUBLIC"
	}
	return Quote(name)
}

func plainName(name string) bool {
	if name == "" || name[0] >= '0' && name[0] <= '9' || name[0] == '$' {
		return false
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '$' {
			return false
		}
	}
	return true
}

// reserved are the words of pg_get_keywords() of PostgreSQL 13 to 18 that are
// not plain names everywhere (catcode other than U).
const reserved = " all analyse analyze and any array as asc asymmetric authorization between bigint binary bit " +
	"boolean both case cast char character check coalesce collate collation column concurrently constraint create " +
	"cross current_catalog current_date current_role current_schema current_time current_timestamp current_user dec " +
	"decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze " +
	"from full grant greatest group grouping having ilike in initially inner inout int integer intersect interval into " +
	"is isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar " +
	"json_serialize json_table json_value lateral leading least left like limit localtime localtimestamp merge_action " +
	"national natural nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps " +
	"overlay placing position precision primary real references returning right row select session_user setof similar " +
	"smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat trim true " +
	"union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement " +
	"xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable "
