package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

func publicationOptions(d *catalog.Publication) string {
	return fmt.Sprintf("publish = %s, publish_via_partition_root = %t", catalog.Literal(d.Publish), d.ViaRoot)
}

func makePublication(o *catalog.Object, d *catalog.Publication) []step {
	sql := "CREATE PUBLICATION " + o.ID.SQL()
	if d.AllTables {
		sql += " FOR ALL TABLES"
	}
	return []step{say(o.ID, sql+" WITH ("+publicationOptions(d)+")")}
}

func alterPublication(s *state) []step {
	if !s.differs("publish", "via root") {
		return nil
	}
	return []step{say(s.id, "ALTER PUBLICATION "+s.id.SQL()+" SET ("+publicationOptions(s.new.Detail.(*catalog.Publication))+")")}
}

func publicationTable(d *catalog.PublicationTable) string {
	sql := d.Table.SQL()
	if len(d.Columns) > 0 {
		columns := make([]string, len(d.Columns))
		for i, c := range d.Columns {
			columns[i] = catalog.Quote(c)
		}
		sql += " (" + strings.Join(columns, ", ") + ")"
	}
	if d.Where != "" {
		sql += " WHERE (" + faithful(d.Where) + ")"
	}
	return sql
}

func subscriptionPublications(d *catalog.Subscription) string {
	names := make([]string, len(d.Publications))
	for i, p := range d.Publications {
		names[i] = catalog.Quote(p)
	}
	return strings.Join(names, ", ")
}

// makeSubscription creates a subscription that does not connect: whether to
// start it is for the operator to say.
func makeSubscription(o *catalog.Object, d *catalog.Subscription) []step {
	slot := "NONE"
	if d.Slot != "" {
		slot = catalog.Literal(d.Slot)
	}
	options := "connect = false, slot_name = " + slot
	if d.Binary {
		options += ", binary = true"
	}
	if d.Streaming != "false" && d.Streaming != "f" {
		options += ", streaming = " + map[string]string{"true": "on", "t": "on", "p": "parallel"}[d.Streaming]
	}
	if d.SyncCommit != "off" {
		options += ", synchronous_commit = " + catalog.Literal(d.SyncCommit)
	}
	return []step{say(o.ID, "CREATE SUBSCRIPTION "+o.ID.SQL()+" CONNECTION "+catalog.Literal(d.Connection)+" PUBLICATION "+
		subscriptionPublications(d)+" WITH ("+options+")").alone()}
}

func alterSubscription(s *state) []step {
	old, now := s.old.Detail.(*catalog.Subscription), s.new.Detail.(*catalog.Subscription)
	alter := func(words string) step { return say(s.id, "ALTER SUBSCRIPTION "+s.id.SQL()+" "+words) }
	var steps []step
	if old.Connection != now.Connection {
		steps = append(steps, alter("CONNECTION "+catalog.Literal(now.Connection)))
	}
	if s.differs("publications") {
		steps = append(steps, alter("SET PUBLICATION "+subscriptionPublications(now)+" WITH (refresh = false)").alone())
	}
	if old.Enabled && !now.Enabled {
		steps = append(steps, alter("DISABLE"))
	}
	if old.Slot != now.Slot {
		slot := "NONE"
		if now.Slot != "" {
			slot = catalog.Literal(now.Slot)
		}
		steps = append(steps, alter("SET (slot_name = "+slot+")"))
	}
	if s.differs("binary", "streaming", "sync commit") {
		streaming := map[string]string{"true": "on", "t": "on", "p": "parallel"}[now.Streaming]
		if streaming == "" {
			streaming = "off"
		}
		steps = append(steps, alter(fmt.Sprintf("SET (binary = %t, streaming = %s, synchronous_commit = %s)", now.Binary, streaming, catalog.Literal(now.SyncCommit))))
	}
	if !old.Enabled && now.Enabled {
		steps = append(steps, alter("ENABLE"))
	}
	return steps
}

// dropSubscription lets go of the remote slot first: dropping it needs the
// other server, which a migration must not.
func dropSubscription(o *catalog.Object, d *catalog.Subscription) []step {
	var steps []step
	if d.Enabled {
		steps = append(steps, say(o.ID, "ALTER SUBSCRIPTION "+o.ID.SQL()+" DISABLE"))
	}
	if d.Slot != "" {
		steps = append(steps, say(o.ID, "ALTER SUBSCRIPTION "+o.ID.SQL()+" SET (slot_name = NONE)").
			why("the slot on the other server stays: drop it there"))
	}
	return append(steps, say(o.ID, "DROP SUBSCRIPTION "+o.ID.SQL()))
}
