package api

import (
	"encoding/json"
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

// Number is a number as JSON text, digit for digit: an int64 bound is exact.
// "" is no number. Counts (MinLength, MaxItems, …) are never negative and have
// no fraction or exponent.
type Number string
