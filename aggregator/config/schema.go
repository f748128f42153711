package config

import _ "embed"

//go:generate go test . -run TestSchema -update

// Schema is the JSON Schema (draft 2020-12) of the file, made from [Config] and its comments. Editors check and
// complete by it; what it cannot express, such as that two values fit together, only [Parse] checks.
//
//go:embed schema.json
var Schema string
