package websub

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"
)

// Signature returns the value of the X-Hub-Signature field of a body under secret, with sha256.
func Signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Signed reports whether signature, the value of an X-Hub-Signature field (`method=hex`), is that of body
// under secret. It takes the four methods of WebSub section 7.1.1 and no other, and compares in constant time.
func Signed(signature, secret string, body []byte) bool {
	method, digits, _ := strings.Cut(signature, "=")
	newHash := hashOf(method)
	if newHash == nil {
		return false
	}
	given, err := hex.DecodeString(digits)
	if err != nil {
		return false
	}
	mac := hmac.New(newHash, []byte(secret))
	mac.Write(body)
	return hmac.Equal(mac.Sum(nil), given)
}

// hashOf returns nil for a method that is unknown.
func hashOf(method string) func() hash.Hash {
	switch method {
	case "sha1":
		return sha1.New
	case "sha256":
		return sha256.New
	case "sha384":
		return sha512.New384
	case "sha512":
		return sha512.New
	}
	return nil
}
