module github.com/seniorbackend/tools/scaffolder

go 1.26.4

require github.com/seniorbackend/tools/shared v0.1.0
