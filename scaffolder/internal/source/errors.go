package source

import "errors"

// ErrNoEntry says that no file was found that the program could start from.
var ErrNoEntry = errors.New("no file found that the program starts from")
