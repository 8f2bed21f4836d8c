package cli

import "github.com/seniorbackend/tools/shared/problem"

// What the grammar promises and nobody has built yet says so.

type suggestCmd struct {
	Connection string `required:"" env:"MIGRATOR_CONNECTION,DATABASE_URL" placeholder:"DSN" help:"The database."`
	Output     string `short:"o" placeholder:"DIR" help:"Write a migration with the indexes into this folder."`
}

// Run says what is missing.
func (suggestCmd) Run(*session) error {
	return problem.New("diff and apply are there", "suggest-indexes is not there yet")
}
