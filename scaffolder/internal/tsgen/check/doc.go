// Package check writes what judges values: plain functions, or schemas of zod where
// zod has words for it.
//
// Its data are schemas and the declarations of declare. A file of checks is asked for
// functions by declaration or schema, and gives their names; its text is written when
// all have asked (middleware/validators.ts, middleware/answers.ts). It also tells which
// defaults are no values of their own schemas.
package check
