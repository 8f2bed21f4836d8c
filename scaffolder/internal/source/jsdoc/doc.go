// Package jsdoc reads what comments say of operations: the YAML behind @openapi and
// @swagger, gathered from many files into one OpenAPI document, with the place of each
// operation; and the #swagger lines inside of handlers. It knows no framework: which
// endpoint a comment belongs to is the caller's to find.
package jsdoc
