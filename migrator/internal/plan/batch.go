package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// BatchMark stands in a backfill for the rows of one batch.
const BatchMark = ":batch"

// backfill is the statement of a backfill: as the user wrote it, or batch by batch
// along the table's key, each in a transaction of its own, so that no row stays
// locked for long.
func (p *planner) backfill(table catalog.ID, b Backfill) step {
	if !strings.Contains(b.SQL, BatchMark) {
		st := say(table, b.SQL).many().alone().why("as the schema file says")
		return p.dangerOn(st, table, lint.BlocksWrites, "rows of %s that it changes stay locked until it ends", table.Path())
	}
	key, kind, _ := p.batchKey(table)
	if p.opts.Offline || p.opts.NoConcurrently {
		return say(table, strings.ReplaceAll(b.SQL, BatchMark, "true")).many().alone()
	}
	of := table.SQL()
	sql := fmt.Sprintf(`DO $batch$
DECLARE batch_first %[2]s; batch_last %[2]s;
BEGIN
  SELECT min(%[1]s) INTO batch_first FROM %[3]s;
  WHILE batch_first IS NOT NULL LOOP
    SELECT max(k) INTO batch_last FROM (SELECT %[1]s AS k FROM %[3]s WHERE %[1]s >= batch_first ORDER BY %[1]s LIMIT %[4]d) b;
    %[5]s;
    COMMIT;
    SELECT min(%[1]s) INTO batch_first FROM %[3]s WHERE %[1]s > batch_last;
  END LOOP;
END $batch$`, key, kind, of, max(p.opts.Batch, 1), strings.ReplaceAll(b.SQL, BatchMark, "("+key+" BETWEEN batch_first AND batch_last)"))
	st := say(table, sql).alone().patient().why("as the schema file says; each batch commits, so a run that was cut off has done a part")
	return p.dangerOn(st, table, lint.BlocksWrites, "rows of %s that it changes stay locked until their batch ends", table.Path())
}

// batchable says which table has no key to go along in batches.
func (p *planner) batchable() error {
	for _, b := range p.opts.Backfills {
		if _, _, ok := p.batchKey(b.Table); !ok && strings.Contains(b.SQL, BatchMark) && len(p.backfills(b.Table)) > 0 {
			return fmt.Errorf("a backfill of %s has %s in it, and the table has no primary key of one column that stays", b.Table.Path(), BatchMark)
		}
	}
	return nil
}

// batchKey is the one column of a table's primary key, when both stay, and its type.
func (p *planner) batchKey(table catalog.ID) (key, kind string, ok bool) {
	for _, part := range p.newParts.of(table) {
		d, is := detailOf[*catalog.Constraint](p.at(part).new)
		if !is || d.Type != "p" || len(d.Columns) != 1 || p.at(part).old == nil || p.at(part).gone {
			continue
		}
		c := p.at(catalog.ID{Kind: catalog.KindColumn, Schema: table.Schema, Name: table.Name, Sub: d.Columns[0]})
		column, is := detailOf[*catalog.Column](c.new)
		if is && c.old != nil && !c.gone && !c.retype {
			return catalog.Quote(c.id.Sub), column.Type, true
		}
	}
	return "", "", false
}
