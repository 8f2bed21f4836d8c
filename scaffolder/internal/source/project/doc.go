// Package project knows where the sources of a Node.js project are: which file a
// module specifier means, which package a file belongs to, and which file the
// program starts from.
//
// It reads directories, package.json, pnpm-workspace.yaml and tsconfig.json, and no
// source text. Resolution is the one that the sources were written for, not the one
// of a build: `./x.js` is x.ts where only that is there, and a workspace package
// whose main names an unbuilt dist/ is the source that dist/ would be built from.
// Nothing below node_modules is ever a file of the project.
//
// The evaluator asks for files by specifier; the command line for entries.
package project
