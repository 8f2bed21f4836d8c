// Package templates holds the texts around what tsgen lays out: common/ for all
// servers, and a folder for each framework. Each file is a text/template that writes
// the file of its name; docs/scaffolder/templates.md says how a user replaces one.
package templates
