package cli

import "github.com/seniorbackend/tools/shared/problem"

// databaseCmd will generate a server from a PostgreSQL database.
type databaseCmd struct {
	DSN       string `arg:"" name:"dsn" help:"Connection string."`
	Framework string `help:"express, fastify or koa." enum:"express,fastify,koa" default:"express"`
	Output    string `short:"o" help:"Where the project goes." default:"." placeholder:"DIR"`
}

func (databaseCmd) Run() error {
	return problem.New("write an OpenAPI document, and use scaffolder generate", "generating from a database is not there yet")
}
