package inflect

import "testing"

func TestSingular(t *testing.T) {
	for many, one := range map[string]string{
		"users": "user", "Users": "User", "categories": "category", "boxes": "box", "addresses": "address", "matches": "match",
		"people": "person", "salesPeople": "salesPerson", "children": "child", "movies": "movie", "statuses": "status", "caches": "cache",
		"cases": "case", "houses": "house", "status": "status", "news": "news", "address": "address", "series": "series",
		"me": "me", "is": "is", "health": "health", "user_posts": "user_post", "analysis": "analysis", "indices": "index",
	} {
		if got := Singular(many); got != one {
			t.Errorf("%s: %s, not %s", many, got, one)
		}
	}
}
