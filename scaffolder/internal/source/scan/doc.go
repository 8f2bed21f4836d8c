// Package scan makes tokens of TypeScript, JavaScript and JSX source. It is driven by
// package parse: Next reads a token, and where the grammar alone says what a
// character means, the parser asks for it to be read another way (RegExp for a slash,
// TemplateContinuation for a brace, Greater for >, the JSX methods between tags).
//
// A Scanner is a value: copying it saves the place, assigning the copy goes back.
package scan
