package main

import (
	"context"
	"database/sql"

	_ "github.com/lib/pq"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

type bunAuthor struct {
	bun.BaseModel `bun:"table:authors,alias:a"`
	ID            int `bun:",pk"`
	Name          string
	Awards        []bunAward `bun:"rel:has-many,join:id=author_id"`
}
type bunPublisher struct {
	bun.BaseModel `bun:"table:publishers"`
	ID            int `bun:",pk"`
	Name          string
}
type bunBook struct {
	bun.BaseModel `bun:"table:books"`
	ID            int `bun:",pk"`
	AuthorID      int
	PublisherID   int
	Title         string
}
type bunReader struct {
	bun.BaseModel `bun:"table:readers"`
	ID            int `bun:",pk"`
	Name          string
}
type bunReview struct {
	bun.BaseModel `bun:"table:reviews"`
	ID            int `bun:",pk"`
	BookID        int
	ReaderID      int
	Stars         int
	Reader        *bunReader `bun:"rel:belongs-to,join:reader_id=id"`
}
type bunTag struct {
	bun.BaseModel `bun:"table:tags"`
	ID            int `bun:",pk"`
	Name          string
}
type bunAward struct {
	bun.BaseModel `bun:"table:awards"`
	ID            int `bun:",pk"`
	AuthorID      int
	Name          string
}
type bunStore struct {
	bun.BaseModel `bun:"table:stores"`
	ID            int `bun:",pk"`
	Name          string
}
type bunEmployee struct {
	bun.BaseModel `bun:"table:employees"`
	ID            int `bun:",pk"`
	StoreID       int
	Name          string
}
type bunCountry struct {
	bun.BaseModel `bun:"table:countries"`
	ID            int `bun:",pk"`
	Name          string
}
type bunCity struct {
	bun.BaseModel `bun:"table:cities"`
	ID            int `bun:",pk"`
	CountryID     int
	Name          string
}

func bunShop(url string) (shop, error) {
	pool, err := sql.Open("postgres", url)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(5)
	pool.SetMaxIdleConns(5)
	db := bun.NewDB(pool, pgdialect.New())
	list := func(ctx context.Context, p page, into any, relations ...string) error {
		q := db.NewSelect().Model(into).OrderExpr("?TableAlias.id").Limit(int64(p.limit)).Offset(int64(p.offset))
		for _, r := range relations {
			q = q.Relation(r)
		}
		return q.Scan(ctx)
	}
	each := func(f func(ctx context.Context, b bunBook) error) func(context.Context, page) error {
		return func(ctx context.Context, p page) error {
			var books []bunBook
			err := list(ctx, p, &books)
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
			var authors []bunAuthor
			err := list(ctx, p, &authors)
			for _, a := range authors {
				if err == nil {
					err = db.NewSelect().Model(&[]bunBook{}).Where("author_id = ?", a.ID).Scan(ctx)
				}
			}
			return err
		},
		"booksWithPublisher": each(func(ctx context.Context, b bunBook) error {
			return db.NewSelect().Model(&bunPublisher{ID: b.PublisherID}).WherePK().Scan(ctx)
		}),
		"booksWithReviewCount": each(func(ctx context.Context, b bunBook) error {
			_, err := db.NewSelect().Model((*bunReview)(nil)).Where("book_id = ?", b.ID).Count(ctx)
			return err
		}),
		"booksWithTags": each(func(ctx context.Context, b bunBook) error {
			return db.NewSelect().Model(&[]bunTag{}).Join("JOIN book_tags AS bt ON bt.tag_id = bun_tag.id").Where("bt.book_id = ?", b.ID).Scan(ctx)
		}),
		"authorsWithAwards": func(ctx context.Context, p page) error { return list(ctx, p, &[]bunAuthor{}, "Awards") },
		"reviewsWithReader": func(ctx context.Context, p page) error { return list(ctx, p, &[]bunReview{}, "Reader") },
		"stores":            func(ctx context.Context, p page) error { return list(ctx, p, &[]bunStore{}) },
		"cities":            func(ctx context.Context, p page) error { return list(ctx, p, &[]bunCity{}) },
		"employeesOfStore": func(ctx context.Context, p page) error {
			return db.NewSelect().Model(&[]bunEmployee{}).Where("store_id = ?", p.id).Scan(ctx)
		},
		"country": func(ctx context.Context, p page) error {
			return db.NewSelect().Model(&bunCountry{ID: p.id}).WherePK().Scan(ctx)
		},
	}, nil
}
