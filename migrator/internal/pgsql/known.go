package pgsql

import (
	"maps"
	"slices"
)

// known lists the structs that stand for a kind of node. A struct of a further
// kind needs its node method and its place here, nothing else.
var known = [...]Node{
	&SelectStmt{}, &InsertStmt{}, &UpdateStmt{}, &DeleteStmt{}, &MergeStmt{}, &MergeWhenClause{}, &OnConflictClause{}, &InferClause{},
	&IndexElem{}, &WithClause{}, &CommonTableExpr{}, &IntoClause{}, &LockingClause{}, &SortBy{}, &ExplainStmt{}, &PrepareStmt{},
	&DeclareCursorStmt{}, &CreateTableAsStmt{},
	&RangeVar{}, &Alias{}, &JoinExpr{}, &RangeSubselect{}, &RangeFunction{}, &RangeTableSample{}, &ResTarget{}, &MultiAssignRef{},
	&ColumnRef{}, &AStar{}, &String{}, &Integer{}, &Float{}, &Boolean{}, &BitString{}, &AConst{}, &ParamRef{}, &AExpr{}, &BoolExpr{},
	&NullTest{}, &BooleanTest{}, &SubLink{}, &FuncCall{}, &WindowDef{}, &TypeCast{}, &TypeName{}, &CollateClause{}, &CaseExpr{},
	&CaseWhen{}, &CoalesceExpr{}, &MinMaxExpr{}, &RowExpr{}, &AArrayExpr{}, &AIndirection{}, &AIndices{}, &List{}, &SetToDefault{},
	&SQLValueFunction{}, &GroupingSet{}, &CurrentOfExpr{},
	&CreateStmt{}, &ColumnDef{}, &Constraint{}, &AlterTableStmt{}, &AlterTableCmd{}, &PartitionCmd{}, &PartitionSpec{}, &PartitionBoundSpec{}, &IndexStmt{}, &DropStmt{}, &RenameStmt{},
	&TruncateStmt{}, &TransactionStmt{}, &VariableSetStmt{}, &DefElem{}, &ReindexStmt{}, &VacuumStmt{}, &ClusterStmt{}, &RefreshMatViewStmt{},
	&LockStmt{}, &CreateDomainStmt{}, &AlterDomainStmt{}, &AlterEnumStmt{}, &DropdbStmt{}, &AlterObjectSchemaStmt{}, &DoStmt{}, &CreateFunctionStmt{}, &CallStmt{},
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
