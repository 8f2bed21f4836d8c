package templates

import (
	"embed"
	"io/fs"
)

//go:embed all:common all:express all:fastify all:koa
var embedded embed.FS

// templatesOf are the templates of a folder: "common", or the name of a framework.
func Of(folder string) fs.FS {
	f, err := fs.Sub(embedded, folder)
	if err != nil {
		panic(err) // no valid path
	}
	return f
}
