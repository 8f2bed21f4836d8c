package proof

import (
	"slices"
	"testing"
)

// Extensions of a live database that the scratch server cannot give are told from
// those that it has in another version.
func TestExtensionsOfTheScratchServer(t *testing.T) {
	load(t, "SELECT 1")
	db, err := bench.Server.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := &Bench{Server: bench.Server, spare: db, home: &Home{extensions: []string{"citext 0.1", "nosuchthing 1.0", "plpgsql 1.0"}}}
	if err := b.extensions(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(b.Lacking, []string{"nosuchthing"}) || !slices.Equal(b.OtherVersion, []string{"citext"}) {
		t.Errorf("lacking %v, in another version %v", b.Lacking, b.OtherVersion)
	}
}
