package main

import (
	"context"
	"database/sql"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"traffic/ent"
	"traffic/ent/author"
	"traffic/ent/book"
	"traffic/ent/city"
	"traffic/ent/employee"
	"traffic/ent/review"
	"traffic/ent/store"
)

func entShop(url string) (shop, error) {
	pool, err := sql.Open("postgres", url)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(5)
	pool.SetMaxIdleConns(5)
	db := ent.NewClient(ent.Driver(entsql.OpenDB(dialect.Postgres, pool)))
	each := func(f func(ctx context.Context, b *ent.Book) error) func(context.Context, page) error {
		return func(ctx context.Context, p page) error {
			books, err := db.Book.Query().Order(book.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			for _, b := range books {
				if err == nil {
					err = f(ctx, b)
				}
			}
			return err
		}
	}
	return shop{
		"authorsWithBooks": func(ctx context.Context, p page) error {
			authors, err := db.Author.Query().Order(author.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			for _, a := range authors {
				if err == nil {
					_, err = a.QueryBooks().All(ctx)
				}
			}
			return err
		},
		"booksWithPublisher":   each(func(ctx context.Context, b *ent.Book) error { _, err := b.QueryPublisher().Only(ctx); return err }),
		"booksWithReviewCount": each(func(ctx context.Context, b *ent.Book) error { _, err := b.QueryReviews().Count(ctx); return err }),
		"booksWithTags":        each(func(ctx context.Context, b *ent.Book) error { _, err := b.QueryTags().All(ctx); return err }),
		"authorsWithAwards": func(ctx context.Context, p page) error {
			_, err := db.Author.Query().WithAwards().Order(author.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			return err
		},
		"reviewsWithReader": func(ctx context.Context, p page) error {
			_, err := db.Review.Query().WithReader().Order(review.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			return err
		},
		"stores": func(ctx context.Context, p page) error {
			_, err := db.Store.Query().Order(store.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			return err
		},
		"cities": func(ctx context.Context, p page) error {
			_, err := db.City.Query().Order(city.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			return err
		},
		"employeesOfStore": func(ctx context.Context, p page) error {
			_, err := db.Employee.Query().Where(employee.StoreID(p.id)).All(ctx)
			return err
		},
		"country": func(ctx context.Context, p page) error { _, err := db.Country.Get(ctx, p.id); return err },
	}, nil
}
