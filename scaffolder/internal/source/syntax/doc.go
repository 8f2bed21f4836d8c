// Package syntax is the tree of a TypeScript, JavaScript or JSX file: nodes, where
// they stand, and the comments around them. It comes from package parse and is read
// by whoever wants to know what a file says; it knows no framework.
//
// Shape of the tree:
//
//   - A Node is one of five families: Expression, Statement, Pattern (what a value is
//     bound to), Type, and Member (of classes, interfaces and object types). Function
//     and Class are expressions and statements at once.
//   - Nothing is desugared: parentheses, directives, type arguments and annotations
//     are nodes. Plain JavaScript is the tree whose types are nil.
//   - A name is an *Identifier with the escapes resolved. A string has its value, and
//     its text is File.Text(node).
//   - Destructuring on the left of = stays an *ObjectLiteral or *ArrayLiteral, as it
//     was read; in declarations and parameters it is a Pattern.
//   - Where the file is broken a *BadExpression, *BadStatement or *BadType stands,
//     and Children that are missing are nil only where the fields say so.
//
// Positions are offsets in bytes of File.Source; File.Position makes lines and
// columns of them.
package syntax
