package schemagen

import "fmt"

// table is a table of any sort. Its key is the column id.
type table struct {
	name      string
	id        keyType
	identity  int // 0 none, 1 always, 2 by default, 3 serial
	columns   []column
	indexes   []index
	checks    []check
	links     []link // foreign keys
	policies  []policy
	triggers  []trigger
	statistic bool
	unlogged  bool
	options   int
	security  int
	replica   int
	partition int // 0 none, 1 range, 2 hash, 3 list
	parts     int
	deep      bool // its first partition has partitions
	kid       bool // a child inherits from it
	second    int  // a second key: unique, deferrable, nulls not distinct, exclusion
	traits
}

type keyType int

type column struct {
	name           string
	typ            typeRef
	deflt          int
	notNull        bool
	generated      int // of the column that many places before, 0 is plain
	collate        int // 0 no, 1 "C", 2 our own
	storage        int
	statistics     int
	comment, grant int
	callsFunction  bool
}

type index struct {
	name         string
	columns      []string
	unique, desc bool
	form         int // plain, expression, partial, covering, hash, brin
	comment      int
	options      int
	mark         int // 1 the table is clustered by it, 2 it is the replica identity
}

type check struct {
	name     string
	column   string
	limit    int
	form     int // length, not null, function
	notValid bool
	comment  int
}

type link struct {
	column, target string
	action         int
	deferrable     bool
	notValid       bool
}

type policy struct {
	name, column string
	command      int
	to           int
	restrictive  bool
	comment      int
}

type trigger struct {
	name, column string
	form         int
	enabled      int
}

func columnName(i int) string {
	if i == 4 {
		return `"Col 4"`
	}
	return fmt.Sprintf("c%d", i)
}

func (r *source) table(i int) table {
	t := table{name: name("t", i), id: keyType(r.IntN(3)), identity: r.IntN(4), traits: r.traits()}
	for c := range 7 {
		if r.chance(60) {
			t.columns = append(t.columns, r.column(c))
		}
	}
	r.parts(&t)
	r.flags(&t)
	return t
}

// parts draws what hangs on the columns.
func (r *source) parts(t *table) {
	short := t.name[len(t.name)-2:]
	t.indexes, t.checks, t.links, t.policies, t.triggers = nil, nil, nil, nil, nil
	for i := range 4 {
		if r.chance(50) {
			t.indexes = append(t.indexes, index{name: fmt.Sprintf("%s_i%d", short, i), columns: []string{columnName(r.IntN(7)), columnName(r.IntN(7))},
				unique: r.chance(30), desc: r.chance(20), form: r.IntN(7), comment: r.pick(3), options: r.pick(2), mark: r.pick(2)})
		}
		if r.chance(30) {
			t.checks = append(t.checks, check{name: fmt.Sprintf("k%d", i), column: columnName(r.IntN(7)), limit: 100 + r.IntN(9), form: r.IntN(3), notValid: r.chance(10), comment: r.pick(2)})
		}
		if r.chance(30) {
			t.links = append(t.links, link{column: fmt.Sprintf("l%d", i), target: name("t", r.IntN(6)), action: r.IntN(4), deferrable: r.chance(20), notValid: r.chance(10)})
		}
		if r.chance(20) {
			t.policies = append(t.policies, policy{name: fmt.Sprintf("p%d", i), column: columnName(r.IntN(7)), command: r.IntN(5), to: r.IntN(4), restrictive: r.chance(30), comment: r.pick(2)})
		}
		if r.chance(20) {
			t.triggers = append(t.triggers, trigger{name: fmt.Sprintf("g%d", i), column: columnName(r.IntN(7)), form: r.IntN(6), enabled: r.pick(3)})
		}
	}
}

func (r *source) flags(t *table) {
	t.statistic, t.unlogged, t.kid = r.chance(20), r.chance(10), r.chance(10)
	t.options, t.security, t.replica = r.pick(3), r.pick(2), r.pick(2)
	if r.chance(20) {
		t.partition = 1 + r.IntN(3)
	}
	t.parts, t.deep, t.second = r.IntN(4), r.chance(20), r.pick(4)
}

func (r *source) column(i int) column {
	c := column{name: columnName(i), typ: r.typeRef(), deflt: r.pick(3), notNull: r.chance(30), collate: r.pick(2),
		storage: r.pick(3), statistics: r.pick(2), comment: r.pick(3), grant: r.pick(2), callsFunction: r.chance(10)}
	if r.chance(12) {
		c.generated = 1 + r.IntN(3)
	}
	return c
}

// varyTable changes some columns, or what hangs on them, or the flags.
func (r *source) varyTable(t table) table {
	fresh := r.table(0)
	var columns []column
	for i := range 7 {
		columns = vary(r, columns, t.columns, i, r.column, r.varyColumn)
	}
	t.columns = columns
	switch r.IntN(5) {
	case 0:
		r.parts(&t)
	case 1:
		t.options, t.security, t.replica, t.statistic = fresh.options, fresh.security, fresh.replica, fresh.statistic
	case 2:
		t.traits = fresh.traits
	case 3:
		t.id, t.identity = fresh.id, fresh.identity
	case 4:
		t.parts, t.kid, t.deep, t.second = fresh.parts, fresh.kid, fresh.deep, fresh.second
		if r.chance(20) {
			t.partition, t.unlogged = fresh.partition, fresh.unlogged
		}
	}
	return t
}

func (c column) key() string { return c.name }

func (r *source) varyColumn(c column) column {
	fresh := r.column(0)
	switch r.IntN(5) {
	case 0:
		c.typ = fresh.typ
	case 1:
		c.deflt, c.callsFunction = fresh.deflt, fresh.callsFunction
	case 2:
		c.notNull = !c.notNull
	case 3:
		c.storage, c.statistics, c.comment, c.grant, c.collate = fresh.storage, fresh.statistics, fresh.comment, fresh.grant, fresh.collate
	case 4:
		c.generated = fresh.generated
	}
	return c
}
