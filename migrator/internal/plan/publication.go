package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// publicationOptions are all of them; that on generated columns only where one
// of the sides has it, because older servers do not know it.
func publicationOptions(d *catalog.Publication, generated bool) string {
	options := fmt.Sprintf("publish = %s, publish_via_partition_root = %t", catalog.Literal(d.Publish), d.ViaRoot)
	switch {
	case d.Generated != "":
		options += ", publish_generated_columns = " + d.Generated
	case generated:
		options += ", publish_generated_columns = none"
	}
	return options
}

func makePublication(o *catalog.Object, d *catalog.Publication) []step {
	sql := "CREATE PUBLICATION " + o.ID.SQL()
	if d.AllTables {
		sql += " FOR ALL TABLES"
	}
	return []step{say(o.ID, sql+" WITH ("+publicationOptions(d, false)+")")}
}

func alterPublication(s *state) []step {
	if !s.differs(catalog.FieldPublish, catalog.FieldViaRoot, catalog.FieldGenerated) {
		return nil
	}
	return []step{say(s.id, "ALTER PUBLICATION "+s.id.SQL()+" SET ("+publicationOptions(catalog.As[*catalog.Publication](s.new), s.differs(catalog.FieldGenerated))+")")}
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
	for _, option := range d.Options {
		options += ", " + option
	}
	return []step{say(o.ID, "CREATE SUBSCRIPTION "+o.ID.SQL()+" CONNECTION "+catalog.Literal(d.Connection)+" PUBLICATION "+
		subscriptionPublications(d)+" WITH ("+options+")").alone()}
}

func alterSubscription(s *state) []step {
	old, now := catalog.As[*catalog.Subscription](s.old), catalog.As[*catalog.Subscription](s.new)
	alter := func(words string) step { return say(s.id, "ALTER SUBSCRIPTION "+s.id.SQL()+" "+words) }
	var steps []step
	if old.Connection != now.Connection {
		steps = append(steps, alter("CONNECTION "+catalog.Literal(now.Connection)))
	}
	if s.differs(catalog.FieldPublications) {
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
	if s.differs(catalog.FieldBinary, catalog.FieldStreaming, catalog.FieldSyncCommit) {
		streaming := map[string]string{"true": "on", "t": "on", "p": "parallel"}[now.Streaming]
		if streaming == "" {
			streaming = "off"
		}
		steps = append(steps, alter(fmt.Sprintf("SET (binary = %t, streaming = %s, synchronous_commit = %s)", now.Binary, streaming, catalog.Literal(now.SyncCommit))))
	}
	if options := changedSubscription(old.Options, now.Options); len(options) > 0 {
		steps = append(steps, alter("SET ("+strings.Join(options, ", ")+")"))
	}
	if !old.Enabled && now.Enabled {
		steps = append(steps, alter("ENABLE"))
	}
	return steps
}

// changedSubscription are the options to set; one that is no longer listed goes
// back to its default.
func changedSubscription(old, now []string) []string {
	var set []string
	for _, option := range old {
		name, _, _ := strings.Cut(option, " = ")
		if !slices.ContainsFunc(now, func(o string) bool { return strings.HasPrefix(o, name+" = ") }) {
			set = append(set, name+" = "+map[string]string{"origin": "any", "password_required": "true"}[name])
		}
	}
	for i, option := range set {
		if strings.HasSuffix(option, " = ") {
			set[i] = option + "false"
		}
	}
	for _, option := range now {
		if !slices.Contains(old, option) {
			set = append(set, option)
		}
	}
	return set
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
	return append(steps, say(o.ID, "DROP SUBSCRIPTION "+o.ID.SQL()).alone())
}
