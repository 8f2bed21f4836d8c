package pgsql

import "strings"

// The statements that define things, as far as their parts are asked for. A kind
// without a struct here is an Other.

// CreateStmt is CREATE TABLE.
type CreateStmt struct {
	Relation     *RangeVar   `pg:"relation"`
	TableElts    []Node      `pg:"tableElts"` // *ColumnDef, *Constraint, *Other
	InhRelations []*RangeVar `pg:"inhRelations"`
	IfNotExists  bool        `pg:"if_not_exists"`

	Partspec  *PartitionSpec      `pg:"partspec"`  // PARTITION BY
	Partbound *PartitionBoundSpec `pg:"partbound"` // of PARTITION OF
}

// PartitionSpec is PARTITION BY.
type PartitionSpec struct {
	Strategy string `pg:"strategy"` // PARTITION_STRATEGY_LIST…
}

// PartitionBoundSpec is FOR VALUES, or DEFAULT.
type PartitionBoundSpec struct {
	IsDefault bool `pg:"is_default"`
}

// ColumnDef is a column of CREATE TABLE, ADD COLUMN, or the type of ALTER COLUMN.
type ColumnDef struct {
	Colname     string        `pg:"colname"`
	TypeName    *TypeName     `pg:"typeName"`
	RawDefault  Node          `pg:"raw_default"` // USING of ALTER COLUMN TYPE
	Constraints []*Constraint `pg:"constraints"`
	Location    int           `pg:"location"`
}

// Constraint is a constraint of a column, a table or a domain.
type Constraint struct {
	Contype        string    `pg:"contype"` // CONSTR_CHECK, CONSTR_NOTNULL, CONSTR_DEFAULT, CONSTR_FOREIGN…
	Conname        string    `pg:"conname"`
	SkipValidation bool      `pg:"skip_validation"` // NOT VALID
	RawExpr        Node      `pg:"raw_expr"`
	Keys           []*String `pg:"keys"`
	Indexname      string    `pg:"indexname"` // USING INDEX
	Pktable        *RangeVar `pg:"pktable"`
	FkAttrs        []*String `pg:"fk_attrs"`
	PkAttrs        []*String `pg:"pk_attrs"`
	Location       int       `pg:"location"`
}

// AlterTableStmt is ALTER TABLE, and of other relations and composite types.
type AlterTableStmt struct {
	Relation  *RangeVar        `pg:"relation"`
	Cmds      []*AlterTableCmd `pg:"cmds"`
	Objtype   string           `pg:"objtype"`
	MissingOk bool             `pg:"missing_ok"`
}

// AlterTableCmd is one action of ALTER TABLE.
type AlterTableCmd struct {
	Subtype   string `pg:"subtype"` // AT_AddColumn…
	Name      string `pg:"name"`
	Def       Node   `pg:"def"`
	Behavior  string `pg:"behavior"` // DROP_RESTRICT, DROP_CASCADE
	MissingOk bool   `pg:"missing_ok"`
}

// PartitionCmd is ATTACH or DETACH PARTITION.
type PartitionCmd struct {
	Name       *RangeVar `pg:"name"`
	Concurrent bool      `pg:"concurrent"`
}

// IndexStmt is CREATE INDEX.
type IndexStmt struct {
	Idxname      string       `pg:"idxname"`
	Relation     *RangeVar    `pg:"relation"`
	AccessMethod string       `pg:"accessMethod"`
	IndexParams  []*IndexElem `pg:"indexParams"`
	WhereClause  Node         `pg:"whereClause"`
	Unique       bool         `pg:"unique"`
	Concurrent   bool         `pg:"concurrent"`
	IfNotExists  bool         `pg:"if_not_exists"`
}

// DropStmt is DROP of most kinds.
type DropStmt struct {
	Objects    []Node `pg:"objects"`
	RemoveType string `pg:"removeType"` // OBJECT_TABLE…
	Behavior   string `pg:"behavior"`
	MissingOk  bool   `pg:"missing_ok"`
	Concurrent bool   `pg:"concurrent"`
}

// RenameStmt is ALTER … RENAME.
type RenameStmt struct {
	RenameType   string    `pg:"renameType"`
	RelationType string    `pg:"relationType"`
	Relation     *RangeVar `pg:"relation"`
	Subname      string    `pg:"subname"`
	Newname      string    `pg:"newname"`
}

// TruncateStmt is TRUNCATE.
type TruncateStmt struct {
	Relations []*RangeVar `pg:"relations"`
	Behavior  string      `pg:"behavior"`
}

// TransactionStmt is BEGIN, COMMIT and their sisters.
type TransactionStmt struct {
	Kind string `pg:"kind"` // TRANS_STMT_BEGIN…
}

// VariableSetStmt is SET and RESET.
type VariableSetStmt struct {
	Kind    string `pg:"kind"`
	Name    string `pg:"name"`
	Args    []Node `pg:"args"`
	IsLocal bool   `pg:"is_local"`
}

// DefElem is an option.
type DefElem struct {
	Defname   string `pg:"defname"`
	Arg       Node   `pg:"arg"`
	Defaction string `pg:"defaction"`
	Location  int    `pg:"location"`
}

// ReindexStmt is REINDEX.
type ReindexStmt struct {
	Kind     string     `pg:"kind"`
	Relation *RangeVar  `pg:"relation"`
	Params   []*DefElem `pg:"params"`
}

// VacuumStmt is VACUUM and ANALYZE.
type VacuumStmt struct {
	Options     []*DefElem `pg:"options"`
	Rels        []Node     `pg:"rels"`
	IsVacuumcmd bool       `pg:"is_vacuumcmd"`
}

// ClusterStmt is CLUSTER.
type ClusterStmt struct {
	Relation *RangeVar `pg:"relation"`
}

// RefreshMatViewStmt is REFRESH MATERIALIZED VIEW.
type RefreshMatViewStmt struct {
	Concurrent bool      `pg:"concurrent"`
	SkipData   bool      `pg:"skipData"`
	Relation   *RangeVar `pg:"relation"`
}

// LockStmt is LOCK TABLE.
type LockStmt struct {
	Relations []*RangeVar `pg:"relations"`
	Mode      int         `pg:"mode"` // 1 ACCESS SHARE to 8 ACCESS EXCLUSIVE
}

// CreateDomainStmt is CREATE DOMAIN.
type CreateDomainStmt struct {
	Domainname  []*String     `pg:"domainname"`
	TypeName    *TypeName     `pg:"typeName"`
	Constraints []*Constraint `pg:"constraints"`
}

// AlterDomainStmt is ALTER DOMAIN.
type AlterDomainStmt struct {
	Subtype  string    `pg:"subtype"` // C: ADD CONSTRAINT, O: SET NOT NULL, X: DROP CONSTRAINT
	TypeName []*String `pg:"typeName"`
	Def      Node      `pg:"def"`
}

// AlterEnumStmt is ALTER TYPE … ADD VALUE and RENAME VALUE.
type AlterEnumStmt struct {
	TypeName           []*String `pg:"typeName"`
	OldVal             string    `pg:"oldVal"`
	NewVal             string    `pg:"newVal"`
	NewValNeighbor     string    `pg:"newValNeighbor"`
	SkipIfNewValExists bool      `pg:"skipIfNewValExists"`
}

// DropdbStmt is DROP DATABASE.
type DropdbStmt struct {
	Dbname string `pg:"dbname"`
}

// AlterObjectSchemaStmt is ALTER … SET SCHEMA.
type AlterObjectSchemaStmt struct {
	ObjectType string    `pg:"objectType"`
	Relation   *RangeVar `pg:"relation"`
	Newschema  string    `pg:"newschema"`
}

// DoStmt is DO.
type DoStmt struct {
	Args []*DefElem `pg:"args"`
}

// CreateFunctionStmt is CREATE FUNCTION and CREATE PROCEDURE.
type CreateFunctionStmt struct {
	Funcname []*String  `pg:"funcname"`
	Replace  bool       `pg:"replace"`
	Options  []*DefElem `pg:"options"`
	SqlBody  Node       `pg:"sql_body"` // BEGIN ATOMIC, or RETURN
}

// Body is the text of the body and its language. ok is false where it is no text.
func (f *CreateFunctionStmt) Body() (text, language string, ok bool) { return body(f.Options, "sql") }

// Body is the text of the body and its language.
func (d *DoStmt) Body() (text, language string, ok bool) { return body(d.Args, "plpgsql") }

func body(options []*DefElem, language string) (string, string, bool) {
	text, ok := "", false
	for _, o := range options {
		arg := o.Arg
		if l, list := arg.(*List); list && len(l.Items) == 1 {
			arg = l.Items[0]
		}
		s, is := arg.(*String)
		switch {
		case !is:
		case o.Defname == "as":
			text, ok = s.Sval, true
		case o.Defname == "language":
			language = strings.ToLower(s.Sval)
		}
	}
	return text, language, ok
}

// CallStmt is CALL.
type CallStmt struct {
	Funccall *FuncCall `pg:"funccall"`
}

func (*CallStmt) node()              {}
func (*CreateStmt) node()            {}
func (*ColumnDef) node()             {}
func (*Constraint) node()            {}
func (*AlterTableStmt) node()        {}
func (*AlterTableCmd) node()         {}
func (*PartitionCmd) node()          {}
func (*PartitionSpec) node()         {}
func (*PartitionBoundSpec) node()    {}
func (*IndexStmt) node()             {}
func (*DropStmt) node()              {}
func (*RenameStmt) node()            {}
func (*TruncateStmt) node()          {}
func (*TransactionStmt) node()       {}
func (*VariableSetStmt) node()       {}
func (*DefElem) node()               {}
func (*ReindexStmt) node()           {}
func (*VacuumStmt) node()            {}
func (*ClusterStmt) node()           {}
func (*RefreshMatViewStmt) node()    {}
func (*LockStmt) node()              {}
func (*CreateDomainStmt) node()      {}
func (*AlterDomainStmt) node()       {}
func (*AlterEnumStmt) node()         {}
func (*DropdbStmt) node()            {}
func (*AlterObjectSchemaStmt) node() {}
func (*DoStmt) node()                {}
func (*CreateFunctionStmt) node()    {}

// Simple is a type's last name, and its schema unless that is pg_catalog:
// "int4", "varchar", "public.mood". "" for a type without a name.
func (t *TypeName) Simple() string {
	if t == nil || len(t.Names) == 0 {
		return ""
	}
	name := ""
	for _, n := range t.Names {
		s, ok := n.(*String)
		if !ok {
			return ""
		}
		if s.Sval == "pg_catalog" && len(t.Names) > 1 {
			continue
		}
		if name != "" {
			name += "."
		}
		name += s.Sval
	}
	return name
}
