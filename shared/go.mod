module github.com/seniorbackend/tools/shared

go 1.26.4

require (
	github.com/dustin/go-humanize v1.1.0
	golang.org/x/term v0.47.0
)

require golang.org/x/sys v0.49.0 // indirect
