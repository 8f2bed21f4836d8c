package command

import (
	"fmt"
	"io"
	"strings"
)

// Reference writes the table of flags for the documentation, in Markdown: flag,
// variable, key of the configuration file, default, meaning.
func (p Program) Reference(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Every flag of %s\n\n", p.Name)
	b.WriteString("Made from the code. A flag beats a variable, which beats the configuration file. A key stands at the top level of that file, for every command that has the flag, or below a command's name.\n")
	for _, c := range p.Commands {
		if len(c.Flags) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s %s\n\n%s\n\n", p.Name, c.Name, c.Summary)
		writeReference(&b, c.Name+".", c.Flags)
	}
	b.WriteString("\n## Every command\n\n")
	writeReference(&b, "", p.Flags)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeReference(b *strings.Builder, below string, flags []Flag) {
	b.WriteString("| flag | variable | key | default | meaning |\n|---|---|---|---|---|\n")
	for _, f := range flags {
		words := f.spellings()
		for i := range words {
			words[i] = "`" + words[i] + "`"
		}
		value, key := "", ""
		if !f.Switch() {
			value = " " + f.Value
		}
		if f.Variable != "" {
			key = code(below + f.Name)
		}
		fmt.Fprintf(b, "| %s%s | %s | %s | %s | %s |\n", strings.Join(words, ", "), cell(value), code(f.Variable), key, code(f.Default), cell(f.Help))
	}
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + cell(s) + "`"
}

// cell makes text fit into a cell of a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(s)
}
