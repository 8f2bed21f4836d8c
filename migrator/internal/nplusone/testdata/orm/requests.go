package main

var mappers = map[string]func(string) (shop, error){"gorm": gormShop, "bun": bunShop, "ent": entShop}

// weights are those of weights.json.
var weights = []struct {
	name   string
	weight float64
}{
	{"authorsWithBooks", 1.5}, {"booksWithPublisher", 1.5}, {"booksWithReviewCount", 1.5}, {"booksWithTags", 1.5},
	{"authorsWithAwards", 1.5}, {"reviewsWithReader", 1.5},
	{"stores", 1}, {"employeesOfStore", 10}, {"cities", 1}, {"country", 10},
}

// beside is what else the database is asked: nothing.
func beside(string) (stop func(), err error) { return func() {}, nil }
