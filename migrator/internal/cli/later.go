package cli

import "github.com/seniorbackend/tools/shared/problem"

// What the grammar promises and nobody has built yet says so.

type analyzeCmd struct {
	Connection string `required:"" env:"MIGRATOR_CONNECTION,DATABASE_URL" placeholder:"DSN" help:"The database."`
}

// Run says what is missing.
func (analyzeCmd) Run(*session) error {
	return problem.New("diff and apply are there", "analyze is not there yet")
}
