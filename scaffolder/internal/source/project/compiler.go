package project

import (
	"path/filepath"
	"strings"
)

// Compiler is how TypeScript makes modules of the files of a directory.
type Compiler struct {
	File string // the configuration that says so
	// CommonJS: what is written as ES modules becomes CommonJS.
	CommonJS bool
	Module   string // "nodenext", in lower case; "": the configuration does not say
	Verbatim bool   // verbatimModuleSyntax
	Interop  bool   // esModuleInterop
}

// CompilerOf is the compiler of a directory's files; ok is false where no configuration
// is found.
func (p *Project) CompilerOf(dir string) (c Compiler, ok bool) {
	config := p.configFor(dir)
	if config == nil {
		return c, false
	}
	c = config.compiler
	m := p.ManifestOf(dir)
	switch isNode := strings.HasPrefix(c.Module, "node"); {
	case isNode:
		c.CommonJS = m == nil || m.Type != "module"
		c.Interop = true // as it is with node's modules
	case c.Module == "preserve":
		c.Interop = true
	default:
		c.CommonJS = c.Module == "" || c.Module == "commonjs"
	}
	return c, true
}

// take has what a configuration says of its own.
func (c *Compiler) take(file string, module *string, verbatim, interop *bool) {
	c.File = filepath.Clean(file)
	if module != nil {
		c.Module = strings.ToLower(*module)
	}
	if verbatim != nil {
		c.Verbatim = *verbatim
	}
	if interop != nil {
		c.Interop = *interop
	}
}
