package pgsql

// The tables of FROM, and the expressions.

// RangeVar is a table by name.
type RangeVar struct {
	Catalogname    string `pg:"catalogname"`
	Schemaname     string `pg:"schemaname"`
	Relname        string `pg:"relname"`
	Inh            bool   `pg:"inh"` // false: ONLY
	Relpersistence string `pg:"relpersistence"`
	Alias          *Alias `pg:"alias"`
	Location       int    `pg:"location"`
}

// Alias is AS name (columns).
type Alias struct {
	Aliasname string `pg:"aliasname"`
	Colnames  []Node `pg:"colnames"`
}

// JoinExpr is a JOIN.
type JoinExpr struct {
	Jointype       string `pg:"jointype"` // JOIN_INNER, JOIN_LEFT, JOIN_RIGHT, JOIN_FULL
	IsNatural      bool   `pg:"isNatural"`
	Larg           Node   `pg:"larg"`
	Rarg           Node   `pg:"rarg"`
	UsingClause    []Node `pg:"usingClause"` // *String
	JoinUsingAlias *Alias `pg:"join_using_alias"`
	Quals          Node   `pg:"quals"`
	Alias          *Alias `pg:"alias"`
	Rtindex        int    `pg:"rtindex"`
}

// RangeSubselect is a query in FROM.
type RangeSubselect struct {
	Lateral  bool   `pg:"lateral"`
	Subquery Node   `pg:"subquery"`
	Alias    *Alias `pg:"alias"`
}

// RangeFunction is a function in FROM.
type RangeFunction struct {
	Lateral    bool   `pg:"lateral"`
	Ordinality bool   `pg:"ordinality"`
	IsRowsfrom bool   `pg:"is_rowsfrom"`
	Functions  []Node `pg:"functions"`
	Alias      *Alias `pg:"alias"`
	Coldeflist []Node `pg:"coldeflist"`
}

// RangeTableSample is TABLESAMPLE.
type RangeTableSample struct {
	Relation   Node   `pg:"relation"`
	Method     []Node `pg:"method"`
	Args       []Node `pg:"args"`
	Repeatable Node   `pg:"repeatable"`
	Location   int    `pg:"location"`
}

// ResTarget is a column of SELECT's list, of SET, or of INSERT's list.
type ResTarget struct {
	Name        string `pg:"name"`
	Indirection []Node `pg:"indirection"`
	Val         Node   `pg:"val"`
	Location    int    `pg:"location"`
}

// MultiAssignRef is one column of SET (a, b) = (…).
type MultiAssignRef struct {
	Source   Node `pg:"source"`
	Colno    int  `pg:"colno"`
	Ncolumns int  `pg:"ncolumns"`
}

// ColumnRef is a, t.a, s.t.a or t.*: Fields are *String and *AStar.
type ColumnRef struct {
	Fields   []Node `pg:"fields"`
	Location int    `pg:"location"`
}

// AStar is the star of t.*.
type AStar struct{}

// String is a name, or a text.
type String struct {
	Sval string `pg:"sval"`
}

// Integer is a small number.
type Integer struct {
	Ival int `pg:"ival"`
}

// Float is any other number, as it was written.
type Float struct {
	Fval string `pg:"fval"`
}

// Boolean is a truth.
type Boolean struct {
	Boolval bool `pg:"boolval"`
}

// BitString is B'…' or X'…', as b… or x….
type BitString struct {
	Bsval string `pg:"bsval"`
}

// AConst is a constant: one of its fields is set, or Isnull.
type AConst struct {
	Ival     *Integer   `pg:"ival"`
	Fval     *Float     `pg:"fval"`
	Boolval  *Boolean   `pg:"boolval"`
	Sval     *String    `pg:"sval"`
	Bsval    *BitString `pg:"bsval"`
	Isnull   bool       `pg:"isnull"`
	Location int        `pg:"location"`
}

// ParamRef is $1.
type ParamRef struct {
	Number   int `pg:"number"`
	Location int `pg:"location"`
}

// AExpr is an operator between two expressions, or before one.
type AExpr struct {
	Kind     string `pg:"kind"` // AEXPR_OP, AEXPR_OP_ANY, AEXPR_OP_ALL, AEXPR_DISTINCT, AEXPR_NOT_DISTINCT, AEXPR_NULLIF, AEXPR_IN, AEXPR_LIKE, AEXPR_ILIKE, AEXPR_SIMILAR, AEXPR_BETWEEN…
	Name     []Node `pg:"name"`
	Lexpr    Node   `pg:"lexpr"`
	Rexpr    Node   `pg:"rexpr"`
	Location int    `pg:"location"`
}

// BoolExpr is AND, OR or NOT.
type BoolExpr struct {
	Boolop   string `pg:"boolop"` // AND_EXPR, OR_EXPR, NOT_EXPR
	Args     []Node `pg:"args"`
	Location int    `pg:"location"`
}

// NullTest is IS NULL or IS NOT NULL.
type NullTest struct {
	Arg          Node   `pg:"arg"`
	Nulltesttype string `pg:"nulltesttype"` // IS_NULL, IS_NOT_NULL
	Argisrow     bool   `pg:"argisrow"`
	Location     int    `pg:"location"`
}

// BooleanTest is IS TRUE and its sisters.
type BooleanTest struct {
	Arg          Node   `pg:"arg"`
	Booltesttype string `pg:"booltesttype"` // IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE, IS_UNKNOWN, IS_NOT_UNKNOWN
	Location     int    `pg:"location"`
}

// SubLink is a query in an expression.
type SubLink struct {
	SubLinkType string `pg:"subLinkType"` // EXISTS_SUBLINK, ANY_SUBLINK, ALL_SUBLINK, EXPR_SUBLINK, ARRAY_SUBLINK, MULTIEXPR_SUBLINK
	SubLinkID   int    `pg:"subLinkId"`
	Testexpr    Node   `pg:"testexpr"`
	OperName    []Node `pg:"operName"`
	Subselect   Node   `pg:"subselect"`
	Location    int    `pg:"location"`
}

// FuncCall is a call of a function.
type FuncCall struct {
	Funcname       []Node     `pg:"funcname"`
	Args           []Node     `pg:"args"`
	AggOrder       []*SortBy  `pg:"agg_order"`
	AggFilter      Node       `pg:"agg_filter"`
	Over           *WindowDef `pg:"over"`
	AggWithinGroup bool       `pg:"agg_within_group"`
	AggStar        bool       `pg:"agg_star"`
	AggDistinct    bool       `pg:"agg_distinct"`
	FuncVariadic   bool       `pg:"func_variadic"`
	Funcformat     string     `pg:"funcformat"`
	Location       int        `pg:"location"`
}

// WindowDef is a window.
type WindowDef struct {
	Name            string    `pg:"name"`
	Refname         string    `pg:"refname"`
	PartitionClause []Node    `pg:"partitionClause"`
	OrderClause     []*SortBy `pg:"orderClause"`
	FrameOptions    int       `pg:"frameOptions"`
	StartOffset     Node      `pg:"startOffset"`
	EndOffset       Node      `pg:"endOffset"`
	Location        int       `pg:"location"`
}

// TypeCast is CAST(a AS t) and a::t.
type TypeCast struct {
	Arg      Node      `pg:"arg"`
	TypeName *TypeName `pg:"typeName"`
	Location int       `pg:"location"`
}

// TypeName is a type.
type TypeName struct {
	Names       []Node `pg:"names"`
	Setof       bool   `pg:"setof"`
	PctType     bool   `pg:"pct_type"`
	Typmods     []Node `pg:"typmods"`
	Typemod     int    `pg:"typemod"`
	ArrayBounds []Node `pg:"arrayBounds"`
	Location    int    `pg:"location"`
}

// CollateClause is a COLLATE "c".
type CollateClause struct {
	Arg      Node   `pg:"arg"`
	Collname []Node `pg:"collname"`
	Location int    `pg:"location"`
}

// CaseExpr is CASE.
type CaseExpr struct {
	Arg       Node   `pg:"arg"`
	Args      []Node `pg:"args"` // *CaseWhen
	Defresult Node   `pg:"defresult"`
	Location  int    `pg:"location"`
}

// CaseWhen is one WHEN of a CASE.
type CaseWhen struct {
	Expr     Node `pg:"expr"`
	Result   Node `pg:"result"`
	Location int  `pg:"location"`
}

// CoalesceExpr is COALESCE.
type CoalesceExpr struct {
	Args     []Node `pg:"args"`
	Location int    `pg:"location"`
}

// MinMaxExpr is GREATEST or LEAST.
type MinMaxExpr struct {
	Op       string `pg:"op"` // IS_GREATEST, IS_LEAST
	Args     []Node `pg:"args"`
	Location int    `pg:"location"`
}

// RowExpr is ROW(…) or (a, b).
type RowExpr struct {
	Args      []Node `pg:"args"`
	RowFormat string `pg:"row_format"`
	Location  int    `pg:"location"`
}

// AArrayExpr is ARRAY[…].
type AArrayExpr struct {
	Elements []Node `pg:"elements"`
	Location int    `pg:"location"`
}

// AIndirection is (a).b or a[1].
type AIndirection struct {
	Arg         Node   `pg:"arg"`
	Indirection []Node `pg:"indirection"`
}

// AIndices is [1] or [1:2].
type AIndices struct {
	IsSlice bool `pg:"is_slice"`
	Lidx    Node `pg:"lidx"`
	Uidx    Node `pg:"uidx"`
}

// List is a list of expressions, as of IN.
type List struct {
	Items []Node `pg:"items"`
}

// SetToDefault is DEFAULT.
type SetToDefault struct {
	Location int `pg:"location"`
}

// SQLValueFunction is CURRENT_DATE and its sisters.
type SQLValueFunction struct {
	Op       string `pg:"op"` // SVFOP_CURRENT_DATE …
	Typmod   int    `pg:"typmod"`
	Location int    `pg:"location"`
}

// GroupingSet is ROLLUP, CUBE or GROUPING SETS.
type GroupingSet struct {
	Kind     string `pg:"kind"`
	Content  []Node `pg:"content"`
	Location int    `pg:"location"`
}

// CurrentOfExpr is WHERE CURRENT OF.
type CurrentOfExpr struct {
	CursorName  string `pg:"cursor_name"`
	CursorParam int    `pg:"cursor_param"`
}

func (*RangeVar) node()         {}
func (*Alias) node()            {}
func (*JoinExpr) node()         {}
func (*RangeSubselect) node()   {}
func (*RangeFunction) node()    {}
func (*RangeTableSample) node() {}
func (*ResTarget) node()        {}
func (*MultiAssignRef) node()   {}
func (*ColumnRef) node()        {}
func (*AStar) node()            {}
func (*String) node()           {}
func (*Integer) node()          {}
func (*Float) node()            {}
func (*Boolean) node()          {}
func (*BitString) node()        {}
func (*AConst) node()           {}
func (*ParamRef) node()         {}
func (*AExpr) node()            {}
func (*BoolExpr) node()         {}
func (*NullTest) node()         {}
func (*BooleanTest) node()      {}
func (*SubLink) node()          {}
func (*FuncCall) node()         {}
func (*WindowDef) node()        {}
func (*TypeCast) node()         {}
func (*TypeName) node()         {}
func (*CollateClause) node()    {}
func (*CaseExpr) node()         {}
func (*CaseWhen) node()         {}
func (*CoalesceExpr) node()     {}
func (*MinMaxExpr) node()       {}
func (*RowExpr) node()          {}
func (*AArrayExpr) node()       {}
func (*AIndirection) node()     {}
func (*AIndices) node()         {}
func (*List) node()             {}
func (*SetToDefault) node()     {}
func (*SQLValueFunction) node() {}
func (*GroupingSet) node()      {}
func (*CurrentOfExpr) node()    {}
