package main

import (
	"context"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

type gormAuthor struct {
	ID     int
	Name   string
	Books  []gormBook  `gorm:"foreignKey:AuthorID"`
	Awards []gormAward `gorm:"foreignKey:AuthorID"`
}
type gormPublisher struct {
	ID   int
	Name string
}
type gormBook struct {
	ID, AuthorID, PublisherID int
	Title                     string
	Publisher                 gormPublisher `gorm:"foreignKey:PublisherID"`
	Reviews                   []gormReview  `gorm:"foreignKey:BookID"`
	Tags                      []gormTag     `gorm:"many2many:book_tags;joinForeignKey:book_id;joinReferences:tag_id"`
}
type gormReader struct {
	ID   int
	Name string
}
type gormReview struct {
	ID, BookID, ReaderID, Stars int
	Reader                      gormReader `gorm:"foreignKey:ReaderID"`
}
type gormTag struct {
	ID   int
	Name string
}
type gormAward struct {
	ID, AuthorID int
	Name         string
}
type gormStore struct {
	ID   int
	Name string
}
type gormEmployee struct {
	ID, StoreID int
	Name        string
}
type gormCountry struct {
	ID   int
	Name string
}
type gormCity struct {
	ID, CountryID int
	Name          string
}

func (gormAuthor) TableName() string    { return "authors" }
func (gormPublisher) TableName() string { return "publishers" }
func (gormBook) TableName() string      { return "books" }
func (gormReader) TableName() string    { return "readers" }
func (gormReview) TableName() string    { return "reviews" }
func (gormTag) TableName() string       { return "tags" }
func (gormAward) TableName() string     { return "awards" }
func (gormStore) TableName() string     { return "stores" }
func (gormEmployee) TableName() string  { return "employees" }
func (gormCountry) TableName() string   { return "countries" }
func (gormCity) TableName() string      { return "cities" }

func gormList[T any](db *gorm.DB, ctx context.Context, p page) (all []T, err error) {
	return all, db.WithContext(ctx).Order("id").Limit(p.limit).Offset(p.offset).Find(&all).Error
}

func gormShop(url string) (shop, error) {
	db, err := gorm.Open(postgres.Open(url), &gorm.Config{})
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(5)
	pool.SetMaxIdleConns(5)
	each := func(f func(db *gorm.DB, b *gormBook) error) func(context.Context, page) error {
		return func(ctx context.Context, p page) error {
			books, err := gormList[gormBook](db, ctx, p)
			for i := range books {
				if err == nil {
					err = f(db.WithContext(ctx), &books[i])
				}
			}
			return err
		}
	}
	return shop{
		"authorsWithBooks": func(ctx context.Context, p page) error {
			authors, err := gormList[gormAuthor](db, ctx, p)
			for i := range authors {
				if err == nil {
					err = db.WithContext(ctx).Model(&authors[i]).Association("Books").Find(&authors[i].Books)
				}
			}
			return err
		},
		"booksWithPublisher": each(func(db *gorm.DB, b *gormBook) error { return db.First(&b.Publisher, b.PublisherID).Error }),
		"booksWithReviewCount": each(func(db *gorm.DB, b *gormBook) error {
			var n int64
			return db.Model(&gormReview{}).Where("book_id = ?", b.ID).Count(&n).Error
		}),
		"booksWithTags": each(func(db *gorm.DB, b *gormBook) error { return db.Model(b).Association("Tags").Find(&b.Tags) }),
		"authorsWithAwards": func(ctx context.Context, p page) error {
			_, err := gormList[gormAuthor](db.Preload("Awards"), ctx, p)
			return err
		},
		"reviewsWithReader": func(ctx context.Context, p page) error {
			_, err := gormList[gormReview](db.Preload("Reader"), ctx, p)
			return err
		},
		"stores": func(ctx context.Context, p page) error { _, err := gormList[gormStore](db, ctx, p); return err },
		"cities": func(ctx context.Context, p page) error { _, err := gormList[gormCity](db, ctx, p); return err },
		"employeesOfStore": func(ctx context.Context, p page) error {
			var all []gormEmployee
			return db.WithContext(ctx).Where("store_id = ?", p.id).Find(&all).Error
		},
		"country": func(ctx context.Context, p page) error {
			return db.WithContext(ctx).First(&gormCountry{}, p.id).Error
		},
	}, nil
}
