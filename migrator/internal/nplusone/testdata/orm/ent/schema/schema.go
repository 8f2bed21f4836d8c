// Package schema is the bookshop for ent.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

func table(name string) []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: name}}
}

func named(more ...ent.Field) []ent.Field {
	return append([]ent.Field{field.Int("id"), field.String("name")}, more...)
}

// Author has books and awards.
type Author struct{ ent.Schema }

func (Author) Annotations() []schema.Annotation { return table("authors") }
func (Author) Fields() []ent.Field              { return named() }
func (Author) Edges() []ent.Edge {
	return []ent.Edge{edge.To("books", Book.Type), edge.To("awards", Award.Type)}
}

// Publisher has books.
type Publisher struct{ ent.Schema }

func (Publisher) Annotations() []schema.Annotation { return table("publishers") }
func (Publisher) Fields() []ent.Field              { return named() }
func (Publisher) Edges() []ent.Edge                { return []ent.Edge{edge.To("books", Book.Type)} }

// Book is a book.
type Book struct{ ent.Schema }

func (Book) Annotations() []schema.Annotation { return table("books") }
func (Book) Fields() []ent.Field {
	return []ent.Field{field.Int("id"), field.Int("author_id"), field.Int("publisher_id"), field.String("title")}
}
func (Book) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("author", Author.Type).Ref("books").Field("author_id").Required().Unique(),
		edge.From("publisher", Publisher.Type).Ref("books").Field("publisher_id").Required().Unique(),
		edge.To("reviews", Review.Type),
		edge.To("tags", Tag.Type).StorageKey(edge.Table("book_tags"), edge.Columns("book_id", "tag_id")),
	}
}

// Reader writes reviews.
type Reader struct{ ent.Schema }

func (Reader) Annotations() []schema.Annotation { return table("readers") }
func (Reader) Fields() []ent.Field              { return named() }
func (Reader) Edges() []ent.Edge                { return []ent.Edge{edge.To("reviews", Review.Type)} }

// Review is a reader's of a book.
type Review struct{ ent.Schema }

func (Review) Annotations() []schema.Annotation { return table("reviews") }
func (Review) Fields() []ent.Field {
	return []ent.Field{field.Int("id"), field.Int("book_id"), field.Int("reader_id"), field.Int("stars")}
}
func (Review) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("book", Book.Type).Ref("reviews").Field("book_id").Required().Unique(),
		edge.From("reader", Reader.Type).Ref("reviews").Field("reader_id").Required().Unique(),
	}
}

// Tag is of many books.
type Tag struct{ ent.Schema }

func (Tag) Annotations() []schema.Annotation { return table("tags") }
func (Tag) Fields() []ent.Field              { return named() }
func (Tag) Edges() []ent.Edge                { return []ent.Edge{edge.From("books", Book.Type).Ref("tags")} }

// Award is an author's.
type Award struct{ ent.Schema }

func (Award) Annotations() []schema.Annotation { return table("awards") }
func (Award) Fields() []ent.Field              { return named(field.Int("author_id")) }
func (Award) Edges() []ent.Edge {
	return []ent.Edge{edge.From("author", Author.Type).Ref("awards").Field("author_id").Required().Unique()}
}

// Store has employees.
type Store struct{ ent.Schema }

func (Store) Annotations() []schema.Annotation { return table("stores") }
func (Store) Fields() []ent.Field              { return named() }

// Employee works in a store.
type Employee struct{ ent.Schema }

func (Employee) Annotations() []schema.Annotation { return table("employees") }
func (Employee) Fields() []ent.Field              { return named(field.Int("store_id")) }

// Country has cities.
type Country struct{ ent.Schema }

func (Country) Annotations() []schema.Annotation { return table("countries") }
func (Country) Fields() []ent.Field              { return named() }

// City is in a country.
type City struct{ ent.Schema }

func (City) Annotations() []schema.Annotation { return table("cities") }
func (City) Fields() []ent.Field              { return named(field.Int("country_id")) }
