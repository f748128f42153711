package news

import "errors"

// ErrQuery is wrapped by the error for a search query that cannot be read.
var ErrQuery = errors.New("bad query")
