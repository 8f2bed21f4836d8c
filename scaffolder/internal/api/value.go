package api

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Type is a type of JSON. An integer is a number without a fraction (1.0 is one).
type Type string

const (
	Null    Type = "null"
	Boolean Type = "boolean"
	Integer Type = "integer"
	Numeric Type = "number"
	String  Type = "string"
	Array   Type = "array"
	Object  Type = "object"
)

// Value is a JSON value as compact JSON text, keys in the order of the document
// and numbers digit for digit; "" is no value.
type Value string

// Decode reads the value as encoding/json does, numbers as json.Number.
func (v Value) Decode() (any, error) {
	var out any
	d := json.NewDecoder(strings.NewReader(string(v)))
	d.UseNumber()
	err := d.Decode(&out)
	return out, err
}

// Type is the type of the value; that of a number is Numeric, also without a fraction.
func (v Value) Type() Type {
	switch {
	case v == "null":
		return Null
	case v == "true" || v == "false":
		return Boolean
	case strings.HasPrefix(string(v), `"`):
		return String
	case strings.HasPrefix(string(v), "["):
		return Array
	case strings.HasPrefix(string(v), "{"):
		return Object
	}
	return Numeric
}

// Text is what a string says; of any other value it is the JSON text.
func (v Value) Text() string {
	var out string
	if json.Unmarshal([]byte(v), &out) != nil {
		return string(v)
	}
	return out
}

// Number is a number as JSON text, digit for digit: an int64 bound is exact.
// "" is no number. Counts (MinLength, MaxItems, …) are never negative and have
// no fraction or exponent.
type Number string

// Count is a number that counts something; 0 is also no number, or one that is too
// large to count to.
func (n Number) Count() int {
	out, err := strconv.Atoi(string(n))
	if err != nil {
		return 0
	}
	return out
}
