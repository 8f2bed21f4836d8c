// Package tstype reads types of TypeScript: what a type lets pass as JSON, as an
// api.Schema. It reads syntax, through the imports of a module, and no values, except
// for the types that schemas give (z.infer<typeof X>), which package schema reads.
//
// Interfaces, aliases, classes and enums that are objects or enums become components of
// their own name. What JSON has not (functions, symbols, undefined) is left out; what
// cannot be known passes everything. Decorators of class-validator on the fields of a
// class are read with their types.
package tstype
