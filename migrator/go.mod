module github.com/seniorbackend/tools/migrator

go 1.26.4

require github.com/seniorbackend/tools/shared v0.1.0

require (
	ariga.io/atlas v1.2.3 // indirect
	github.com/lib/pq v1.12.3 // indirect
	golang.org/x/text v0.43.0 // indirect
)
