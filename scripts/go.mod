module github.com/seniorbackend/tools/scripts

go 1.26.4
