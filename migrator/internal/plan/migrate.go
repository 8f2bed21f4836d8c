package plan

import (
	"errors"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Migrate plans the way from one catalog to another.
func Migrate(from, to *catalog.Catalog, opts Options) (*Plan, error) {
	return nil, errors.New("not built yet")
}

// Name describes the plan in a few words for a file name: add_user_indexes.
func (p *Plan) Name() string { return "migration" }
