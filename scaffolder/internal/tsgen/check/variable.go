package check

import ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"

// variable is where a value stands that is judged: a name of the function that is being
// written, or another expression. It knows whether anything reads it, because compilers
// can refuse what is declared for nothing.
type variable struct {
	code   string
	isRead bool
}

// read is the expression, which is used now.
func (v *variable) read() string {
	v.isRead = true
	return v.code
}

// parameter is the variable as a parameter of the function that reads it, or does not.
func (v *variable) parameter() string {
	if v.isRead {
		return v.code
	}
	return "_" + v.code
}

// declared are statements behind the declaration of the variable that they read, if
// they do.
func (v *variable) declared(as string, body []ts.Statement) []ts.Statement {
	if !v.isRead {
		return body
	}
	return append([]ts.Statement{ts.Expression{Doc: ts.Text("const " + v.code + " = " + as)}}, body...)
}
