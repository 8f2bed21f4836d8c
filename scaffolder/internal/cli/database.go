package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/datagen"
	"github.com/seniorbackend/tools/scaffolder/internal/dbspec"
	"github.com/seniorbackend/tools/scaffolder/internal/openapi"
	"github.com/seniorbackend/tools/scaffolder/internal/restapi"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen"
	"github.com/seniorbackend/tools/shared/pending"
	"github.com/seniorbackend/tools/shared/report"
)

// databaseCmd makes a server, or its document, from a PostgreSQL database.
type databaseCmd struct {
	DSN string `arg:"" name:"dsn" help:"Connection string: postgres://… or key=value pairs of libpq; PGPASSWORD and ~/.pgpass are looked at."`

	Framework string `help:"express, fastify or koa (default: the project's, or express)." enum:"express,fastify,koa," default:"" group:"What to generate:"`
	SpecOnly  bool   `help:"Only the OpenAPI document: --output is its file (.yaml or .json), - is stdout." group:"What to generate:"`
	Int64     string `name:"int64" help:"Type of int8 in TypeScript: number (default; checked to be safe), or string or bigint (exact; JSON stays a number)." enum:"number,string,bigint," default:"" group:"What to generate:"`
	Case      string `help:"Names in JSON: snake (default: as the columns are called) or camel." enum:"snake,camel," default:"" group:"What to generate:"`
	Title     string `help:"Title of the API (default: the name of the database)." group:"What to generate:"`

	Schema   []string `help:"Schemas to serve (default: all but the system's)." placeholder:"NAME" group:"Which tables:"`
	Tables   []string `help:"Tables and views to serve, as patterns of table or schema.table." placeholder:"GLOB" group:"Which tables:"`
	Exclude  []string `help:"Tables and views to leave out." placeholder:"GLOB" group:"Which tables:"`
	ReadOnly []string `help:"Tables that are served and never written." placeholder:"GLOB" group:"Which tables:"`

	Roles      []string `help:"Roles that a token may act as (claim role), for row level security; without them anybody may call." placeholder:"ROLE" group:"How it is served:"`
	SoftDelete *string  `help:"DELETE sets this column (such as deleted_at) in the tables that have it, and rows that have it set are not shown." placeholder:"COLUMN" group:"How it is served:"`
	Bulk       *bool    `help:"Operations that insert many rows at once, or none." negatable:"" group:"How it is served:"`

	writeFlags
	embedded bool `kong:"-"` // in an application that is there
}

// Help shows what to type.
func (databaseCmd) Help() string {
	return `Reads the catalog (never a row), and writes routes, SQL and an OpenAPI document.

  scaffolder database postgres://localhost/shop --framework fastify --output server
  scaffolder database postgres://localhost/shop --tables 'order*' --read-only countries
  scaffolder database postgres://localhost/shop --spec-only -o - > openapi.yaml
  scaffolder database postgres://localhost/shop --output server --check`
}

// Run generates, checks or shows.
func (c *databaseCmd) Run(s *session) error {
	where := layoutOf(c.Output)
	var last memory
	if !c.SpecOnly {
		var known bool
		err := inFolder(c.Output)
		if err != nil {
			return err
		}
		if last, known, err = recall(where.project); err != nil {
			return err
		}
		c.embedded = isEmbedded(where, c.Output, last, known)
		if err := c.fromMemory(last.Options, known); err != nil {
			return err
		}
	} else if err := c.fromMemory(options{}, false); err != nil {
		return err
	}
	db, err := dbspec.Read(s.ctx, c.DSN, dbspec.Options{Schemas: c.Schema, Tables: c.Tables, Exclude: c.Exclude, ReadOnly: c.ReadOnly})
	if err != nil {
		return err
	}
	o := restapi.Options{Title: c.Title, Camel: c.Case == "camel", Roles: c.Roles, SoftDelete: valueOf(c.SoftDelete), Bulk: valueOf(c.Bulk)}
	if last.Options.Database != nil {
		o.Known = last.Options.Database.Names
	}
	service := restapi.Make(db, o)
	if c.SpecOnly {
		printNotices(s.Err, service.API.Notices)
		return c.writeDocument(s, service)
	}
	return c.generate(s, service, where, last)
}

// sizeOfTable is about how many bytes of a document become of a table with its
// operations.
const sizeOfTable = 256 << 10

// generate makes the project. The server is rendered from the model that the document
// was written from: scaffolder generate on it makes the same one.
func (c *databaseCmd) generate(s *session, service *restapi.Service, where layout, last memory) error {
	collectLess(len(service.Resources)*sizeOfTable, 600)
	document, err := openapi.YAML(service.API)
	if err != nil {
		return err
	}
	model := modelOf(service)
	made, err := c.files(s, service, model, where, last.Memory)
	if err != nil {
		return err
	}
	made.notices = append(slices.Clone(service.API.Notices), made.notices...)
	record := recordOf([]spec.File{{Path: "openapi.yaml", Data: document}})
	plan, err := tree.Make(where.project, append(made.files, record.files...), c.Force)
	if err != nil {
		return err
	}
	if err := remember(plan, memoryOf(c.options(service.Names()), record, made.memory)); err != nil {
		return err
	}
	before, notices := previous(last, plan, where)
	made.notices = slices.Concat(made.notices, record.notices, notices, needs(before, model, plan, made, where))
	if c.Format == string(report.Text) {
		printNotices(s.Err, made.notices)
	}
	result := &outcome{flags: &c.writeFlags, command: "database", from: "database", framework: c.Framework, session: s, api: model, layout: where, made: made, plan: plan, changes: compare(before, model)}
	return result.finish()
}

// modelOf is the API as reading its document gives it.
func modelOf(service *restapi.Service) *api.API {
	openapi.Normalize(service.API)
	model := *service.API
	model.Notices = nil // they are of the database
	return &model
}

// files are those of the server, with handlers that read and write rows.
func (c *databaseCmd) files(s *session, service *restapi.Service, model *api.API, where layout, memory tsgen.Memory) (generation, error) {
	options := datagen.Options{Framework: c.Framework, SourceDir: where.source, Tool: s.info.Short(), Int64: c.Int64, Name: service.API.Title, Roles: c.Roles, Embedded: c.embedded}
	o := tsgen.Options{
		Framework: c.Framework, SourceDir: where.source, Tool: s.info.Short(), Int64: c.Int64, Validator: "generated",
		Database: true, KeepsDigits: datagen.KeepsDigits(service), Handlers: datagen.Handlers(service, options),
		Memory: memory, Embedded: c.embedded,
	}
	o.Dependencies, o.DevDependencies = datagen.Packages()
	made, err := renderServer(model, o, where)
	if err != nil {
		return generation{}, err
	}
	data, err := datagen.Generate(service, options)
	made.files = append(made.files, data...)
	return made, err
}

// writeDocument writes the document alone.
func (c *databaseCmd) writeDocument(s *session, service *restapi.Service) error {
	name := c.Output
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, "openapi.yaml")
	}
	write := openapi.YAML
	if strings.EqualFold(filepath.Ext(name), ".json") {
		write = openapi.JSON
	}
	data, err := write(service.API)
	if err != nil {
		return err
	}
	return writeDocument(s, name, data)
}

// writeDocument writes a document to standard output, or to a file that is there when
// it is whole.
func writeDocument(s *session, name string, data []byte) error {
	if name == "-" {
		_, err := bytes.NewReader(data).WriteTo(s.Out)
		return err
	}
	file, err := pending.Open(name)
	if err != nil {
		return err
	}
	return file.Commit(data)
}
