package catalog

import "slices"

// HistoryTable is the table in which package apply writes down what was
// applied. It is no part of anybody's schema.
const HistoryTable = "migrator_history"

// forgetHistory takes the history, with all its parts, out of the catalog.
func (c *Catalog) forgetHistory() {
	var found []ID
	for _, id := range c.Order {
		if id.Name == HistoryTable && id.Kind == KindTable {
			found = append(found, id)
		}
	}
	for _, id := range found {
		c.Forget(id)
	}
}

// Runners are the tables in which other migration tools write down what they
// did: golang-migrate, dbmate and Rails; goose; Flyway; Liquibase; Atlas; Prisma;
// Knex; Alembic; Django; Sequelize; node-pg-migrate; TypeORM; Drizzle.
func Runners(c *Catalog) []ID {
	names := map[string]bool{}
	for _, n := range [...]string{
		"schema_migrations", "ar_internal_metadata", "goose_db_version", "flyway_schema_history", "databasechangelog", "databasechangeloglock",
		"atlas_schema_revisions", "_prisma_migrations", "knex_migrations", "knex_migrations_lock", "alembic_version", "django_migrations",
		"SequelizeMeta", "pgmigrations", "typeorm_metadata", "__drizzle_migrations",
	} {
		names[n] = true
	}
	var found []ID
	for _, id := range c.Order {
		if id.Kind == KindTable && names[id.Name] {
			found = append(found, id)
		}
	}
	return found
}

// Forget takes an object, with all its parts and the sequences of its columns,
// out of the catalog.
func (c *Catalog) Forget(id ID) {
	own := map[ID]bool{id: true}
	for _, id := range c.Order {
		parent, ok := c.Parent(id)
		if q, is := c.Objects[id].Detail.(*Sequence); is {
			parent, ok = q.OwnedBy, q.OwnedBy.Kind != ""
		}
		for ok && !own[parent] {
			parent, ok = c.Parent(parent)
		}
		if ok {
			own[id] = true
		}
	}
	c.Order = slices.DeleteFunc(c.Order, func(id ID) bool { return own[id] })
	for id := range own {
		delete(c.Objects, id)
		delete(c.Sizes, id)
	}
}
