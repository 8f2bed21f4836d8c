// Package token names the tokens of TypeScript, JavaScript and JSX: kinds, their
// spelling, and how strongly binary operators bind. It is used by the scanner,
// which makes tokens, and by the syntax tree, whose operators are tokens.
package token

// A Kind is the kind of a token. The zero Kind is no token.
type Kind uint8

// The kinds that carry a text of their own, the punctuation, and the keywords.
// Reserved words come before contextual ones, which may also be names.
const (
	None Kind = iota
	EOF
	Invalid // a character, or a run of them, that begins no token

	Identifier
	PrivateName // #name
	Number
	BigInt
	String
	RegExp
	TemplateWhole  // `text`
	TemplateHead   // `text${
	TemplateMiddle // }text${
	TemplateTail   // }text`
	JSXText
	JSXName // a name with hyphens

	BraceOpen
	BraceClose
	ParenOpen
	ParenClose
	BracketOpen
	BracketClose
	Dot
	Ellipsis
	Semicolon
	Comma
	Colon
	At
	Hash
	Question
	QuestionDot
	Arrow

	Less
	Greater
	LessEqual
	GreaterEqual
	EqualEqual
	NotEqual
	EqualEqualEqual
	NotEqualEqual
	Plus
	Minus
	Star
	StarStar
	Slash
	Percent
	PlusPlus
	MinusMinus
	ShiftLeft
	ShiftRight
	ShiftRightUnsigned
	Ampersand
	Bar
	Caret
	Exclamation
	Tilde
	AmpersandAmpersand
	BarBar
	QuestionQuestion

	Equal
	PlusEqual
	MinusEqual
	StarEqual
	StarStarEqual
	SlashEqual
	PercentEqual
	ShiftLeftEqual
	ShiftRightEqual
	ShiftRightUnsignedEqual
	AmpersandEqual
	BarEqual
	CaretEqual
	AmpersandAmpersandEqual
	BarBarEqual
	QuestionQuestionEqual

	// Reserved words.
	Break
	Case
	Catch
	Class
	Const
	Continue
	Debugger
	Default
	Delete
	Do
	Else
	Enum
	Export
	Extends
	False
	Finally
	For
	Function
	If
	Import
	In
	Instanceof
	New
	Null
	Return
	Super
	Switch
	This
	Throw
	True
	Try
	Typeof
	Var
	Void
	While
	With

	// Reserved in strict code only.
	Implements
	Interface
	Let
	Package
	Private
	Protected
	Public
	Static
	Yield

	// Contextual words.
	Abstract
	Accessor
	Any
	As
	Asserts
	Assert
	Async
	Await
	BigIntWord
	Boolean
	Constructor
	Declare
	Defer
	From
	Get
	Global
	Infer
	Intrinsic
	Is
	Keyof
	Module
	Namespace
	Never
	NumberWord
	Object
	Of
	Out
	Override
	Readonly
	Require
	Satisfies
	Set
	StringWord
	Symbol
	Type
	Undefined
	Unique
	Unknown
	Using

	last
)

var spellings = [last]string{
	None: "nothing", EOF: "end of file", Invalid: "invalid character",
	Identifier: "identifier", PrivateName: "private name", Number: "number", BigInt: "bigint", String: "string",
	RegExp: "regular expression", TemplateWhole: "template", TemplateHead: "template", TemplateMiddle: "template",
	TemplateTail: "template", JSXText: "text", JSXName: "JSX name",

	BraceOpen: "{", BraceClose: "}", ParenOpen: "(", ParenClose: ")", BracketOpen: "[", BracketClose: "]",
	Dot: ".", Ellipsis: "...", Semicolon: ";", Comma: ",", Colon: ":", At: "@", Hash: "#", Question: "?",
	QuestionDot: "?.", Arrow: "=>",

	Less: "<", Greater: ">", LessEqual: "<=", GreaterEqual: ">=", EqualEqual: "==", NotEqual: "!=",
	EqualEqualEqual: "===", NotEqualEqual: "!==", Plus: "+", Minus: "-", Star: "*", StarStar: "**", Slash: "/",
	Percent: "%", PlusPlus: "++", MinusMinus: "--", ShiftLeft: "<<", ShiftRight: ">>", ShiftRightUnsigned: ">>>",
	Ampersand: "&", Bar: "|", Caret: "^", Exclamation: "!", Tilde: "~", AmpersandAmpersand: "&&", BarBar: "||",
	QuestionQuestion: "??",

	Equal: "=", PlusEqual: "+=", MinusEqual: "-=", StarEqual: "*=", StarStarEqual: "**=", SlashEqual: "/=",
	PercentEqual: "%=", ShiftLeftEqual: "<<=", ShiftRightEqual: ">>=", ShiftRightUnsignedEqual: ">>>=",
	AmpersandEqual: "&=", BarEqual: "|=", CaretEqual: "^=", AmpersandAmpersandEqual: "&&=", BarBarEqual: "||=",
	QuestionQuestionEqual: "??=",

	Break: "break", Case: "case", Catch: "catch", Class: "class", Const: "const", Continue: "continue",
	Debugger: "debugger", Default: "default", Delete: "delete", Do: "do", Else: "else", Enum: "enum",
	Export: "export", Extends: "extends", False: "false", Finally: "finally", For: "for", Function: "function",
	If: "if", Import: "import", In: "in", Instanceof: "instanceof", New: "new", Null: "null", Return: "return",
	Super: "super", Switch: "switch", This: "this", Throw: "throw", True: "true", Try: "try", Typeof: "typeof",
	Var: "var", Void: "void", While: "while", With: "with",

	Implements: "implements", Interface: "interface", Let: "let", Package: "package", Private: "private",
	Protected: "protected", Public: "public", Static: "static", Yield: "yield",

	Abstract: "abstract", Accessor: "accessor", Any: "any", As: "as", Asserts: "asserts", Assert: "assert",
	Async: "async", Await: "await", BigIntWord: "bigint", Boolean: "boolean", Constructor: "constructor",
	Declare: "declare", Defer: "defer", From: "from", Get: "get", Global: "global", Infer: "infer",
	Intrinsic: "intrinsic", Is: "is", Keyof: "keyof", Module: "module", Namespace: "namespace", Never: "never",
	NumberWord: "number", Object: "object", Of: "of", Out: "out", Override: "override", Readonly: "readonly",
	Require: "require", Satisfies: "satisfies", Set: "set", StringWord: "string", Symbol: "symbol", Type: "type",
	Undefined: "undefined", Unique: "unique", Unknown: "unknown", Using: "using",
}

// String is the token as it is written in source, or what a message calls it.
func (k Kind) String() string {
	if k >= last {
		return "unknown token"
	}
	return spellings[k]
}

// IsName says whether the token is spelled like an identifier: identifiers and
// every keyword, reserved or not.
func (k Kind) IsName() bool { return k == Identifier || k >= Break }

// IsReserved says whether the word can never be a name of a variable.
func (k Kind) IsReserved() bool { return k >= Break && k <= With }

// IsKeyword says whether the token is a reserved or contextual word.
func (k Kind) IsKeyword() bool { return k >= Break }

// IsAssignment says whether the token is = or one of its compound forms.
func (k Kind) IsAssignment() bool { return k >= Equal && k <= QuestionQuestionEqual }

// Words calls f for every reserved and contextual word.
func Words(f func(spelling string, k Kind)) {
	for k := Break; k < last; k++ {
		f(spellings[k], k)
	}
}
