package pgsql

// The statements, and the clauses that belong to them. Fields have PostgreSQL's
// names; enumerations are texts ("SETOP_UNION").

// SelectStmt is SELECT, VALUES, or a set operation of Larg and Rarg.
type SelectStmt struct {
	DistinctClause []Node           `pg:"distinctClause"` // one nil: plain DISTINCT
	IntoClause     *IntoClause      `pg:"intoClause"`
	TargetList     []Node           `pg:"targetList"` // *ResTarget
	FromClause     []Node           `pg:"fromClause"`
	WhereClause    Node             `pg:"whereClause"`
	GroupClause    []Node           `pg:"groupClause"`
	GroupDistinct  bool             `pg:"groupDistinct"`
	HavingClause   Node             `pg:"havingClause"`
	WindowClause   []Node           `pg:"windowClause"`
	ValuesLists    []Node           `pg:"valuesLists"` // *List
	SortClause     []*SortBy        `pg:"sortClause"`
	LimitOffset    Node             `pg:"limitOffset"`
	LimitCount     Node             `pg:"limitCount"`
	LimitOption    string           `pg:"limitOption"`
	LockingClause  []*LockingClause `pg:"lockingClause"`
	WithClause     *WithClause      `pg:"withClause"`
	Op             string           `pg:"op"` // SETOP_NONE, SETOP_UNION, SETOP_INTERSECT, SETOP_EXCEPT
	All            bool             `pg:"all"`
	Larg           *SelectStmt      `pg:"larg"`
	Rarg           *SelectStmt      `pg:"rarg"`
}

// InsertStmt is INSERT.
type InsertStmt struct {
	Relation         *RangeVar         `pg:"relation"`
	Cols             []*ResTarget      `pg:"cols"`
	SelectStmt       Node              `pg:"selectStmt"` // nil: DEFAULT VALUES
	OnConflictClause *OnConflictClause `pg:"onConflictClause"`
	ReturningList    []Node            `pg:"returningList"`
	WithClause       *WithClause       `pg:"withClause"`
	Override         string            `pg:"override"`
}

// UpdateStmt is UPDATE.
type UpdateStmt struct {
	Relation      *RangeVar    `pg:"relation"`
	TargetList    []*ResTarget `pg:"targetList"`
	WhereClause   Node         `pg:"whereClause"`
	FromClause    []Node       `pg:"fromClause"`
	ReturningList []Node       `pg:"returningList"`
	WithClause    *WithClause  `pg:"withClause"`
}

// DeleteStmt is DELETE.
type DeleteStmt struct {
	Relation      *RangeVar   `pg:"relation"`
	UsingClause   []Node      `pg:"usingClause"`
	WhereClause   Node        `pg:"whereClause"`
	ReturningList []Node      `pg:"returningList"`
	WithClause    *WithClause `pg:"withClause"`
}

// MergeStmt is MERGE.
type MergeStmt struct {
	Relation         *RangeVar          `pg:"relation"`
	SourceRelation   Node               `pg:"sourceRelation"`
	JoinCondition    Node               `pg:"joinCondition"`
	MergeWhenClauses []*MergeWhenClause `pg:"mergeWhenClauses"`
	ReturningList    []Node             `pg:"returningList"`
	WithClause       *WithClause        `pg:"withClause"`
}

// MergeWhenClause is one WHEN of a MERGE.
type MergeWhenClause struct {
	MatchKind   string       `pg:"matchKind"`
	CommandType string       `pg:"commandType"` // CMD_UPDATE, CMD_INSERT, CMD_DELETE, CMD_NOTHING
	Override    string       `pg:"override"`
	Condition   Node         `pg:"condition"`
	TargetList  []*ResTarget `pg:"targetList"`
	Values      []Node       `pg:"values"`
}

// OnConflictClause is ON CONFLICT of an INSERT.
type OnConflictClause struct {
	Action      string       `pg:"action"` // ONCONFLICT_NOTHING, ONCONFLICT_UPDATE
	Infer       *InferClause `pg:"infer"`
	TargetList  []*ResTarget `pg:"targetList"`
	WhereClause Node         `pg:"whereClause"`
	Location    int          `pg:"location"`
}

// InferClause says which unique index ON CONFLICT is about.
type InferClause struct {
	IndexElems  []*IndexElem `pg:"indexElems"`
	WhereClause Node         `pg:"whereClause"`
	Conname     string       `pg:"conname"`
	Location    int          `pg:"location"`
}

// IndexElem is one key of an index.
type IndexElem struct {
	Name          string `pg:"name"` // a column, or "" and Expr
	Expr          Node   `pg:"expr"`
	Indexcolname  string `pg:"indexcolname"`
	Collation     []Node `pg:"collation"`
	Opclass       []Node `pg:"opclass"`
	Opclassopts   []Node `pg:"opclassopts"`
	Ordering      string `pg:"ordering"` // SORTBY_DEFAULT, SORTBY_ASC, SORTBY_DESC
	NullsOrdering string `pg:"nulls_ordering"`
}

// WithClause is WITH.
type WithClause struct {
	Ctes      []*CommonTableExpr `pg:"ctes"`
	Recursive bool               `pg:"recursive"`
	Location  int                `pg:"location"`
}

// CommonTableExpr is one query of WITH.
type CommonTableExpr struct {
	Ctename         string `pg:"ctename"`
	Aliascolnames   []Node `pg:"aliascolnames"`
	Ctematerialized string `pg:"ctematerialized"`
	Ctequery        Node   `pg:"ctequery"`
	SearchClause    Node   `pg:"search_clause"`
	CycleClause     Node   `pg:"cycle_clause"`
	Location        int    `pg:"location"`
}

// IntoClause is SELECT INTO, and the target of CREATE TABLE AS.
type IntoClause struct {
	Rel            *RangeVar `pg:"rel"`
	ColNames       []Node    `pg:"colNames"`
	AccessMethod   string    `pg:"accessMethod"`
	Options        []Node    `pg:"options"`
	OnCommit       string    `pg:"onCommit"`
	TableSpaceName string    `pg:"tableSpaceName"`
	SkipData       bool      `pg:"skipData"`
}

// LockingClause is FOR UPDATE and its sisters.
type LockingClause struct {
	LockedRels []Node `pg:"lockedRels"`
	Strength   string `pg:"strength"`
	WaitPolicy string `pg:"waitPolicy"`
}

// SortBy is one key of ORDER BY.
type SortBy struct {
	Node        Node   `pg:"node"`
	SortbyDir   string `pg:"sortby_dir"` // SORTBY_DEFAULT, SORTBY_ASC, SORTBY_DESC, SORTBY_USING
	SortbyNulls string `pg:"sortby_nulls"`
	UseOp       []Node `pg:"useOp"`
	Location    int    `pg:"location"`
}

// ExplainStmt is EXPLAIN.
type ExplainStmt struct {
	Query   Node   `pg:"query"`
	Options []Node `pg:"options"`
}

// PrepareStmt is PREPARE.
type PrepareStmt struct {
	Name     string `pg:"name"`
	Argtypes []Node `pg:"argtypes"`
	Query    Node   `pg:"query"`
}

// DeclareCursorStmt is DECLARE … CURSOR FOR.
type DeclareCursorStmt struct {
	Portalname string `pg:"portalname"`
	Options    int    `pg:"options"`
	Query      Node   `pg:"query"`
}

// CreateTableAsStmt is CREATE TABLE AS and CREATE MATERIALIZED VIEW.
type CreateTableAsStmt struct {
	Query        Node        `pg:"query"`
	Into         *IntoClause `pg:"into"`
	Objtype      string      `pg:"objtype"`
	IsSelectInto bool        `pg:"is_select_into"`
	IfNotExists  bool        `pg:"if_not_exists"`
}

func (*SelectStmt) node()        {}
func (*InsertStmt) node()        {}
func (*UpdateStmt) node()        {}
func (*DeleteStmt) node()        {}
func (*MergeStmt) node()         {}
func (*MergeWhenClause) node()   {}
func (*OnConflictClause) node()  {}
func (*InferClause) node()       {}
func (*IndexElem) node()         {}
func (*WithClause) node()        {}
func (*CommonTableExpr) node()   {}
func (*IntoClause) node()        {}
func (*LockingClause) node()     {}
func (*SortBy) node()            {}
func (*ExplainStmt) node()       {}
func (*PrepareStmt) node()       {}
func (*DeclareCursorStmt) node() {}
func (*CreateTableAsStmt) node() {}
