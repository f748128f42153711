package websub

import (
	"strings"
	"testing"

	"dateline/aggregator/internal/feedtest"
)

// TestSigned holds test case 2 of RFC 2202 (SHA-1) and RFC 4231 (the SHA-2 family).
func TestSigned(t *testing.T) {
	const secret, body = "Jefe", "what do ya want for nothing?"
	good := map[string]string{
		"sha1":   "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		"sha256": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		"sha384": "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
		"sha512": "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554" +
			"9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
	}
	for method, digits := range good {
		t.Run(method, func(t *testing.T) {
			for _, is := range []string{digits, strings.ToUpper(digits)} {
				if !Signed(method+"="+is, secret, []byte(body)) {
					t.Errorf("%s is not taken", is)
				}
			}
			for _, no := range []string{
				"", method, method + "=", method + ":" + digits, digits, "=" + digits, " " + method + "=" + digits, method + "= " + digits,
				strings.ToUpper(method) + "=" + digits, "md5=" + digits, method + "=" + digits[2:], method + "=" + digits + "00",
				method + "=" + digits[1:],
				method + "=" + strings.Repeat("0", len(digits)), method + "=" + strings.Repeat("z", len(digits)), "sha256=" + good["sha1"],
			} {
				if Signed(no, secret, []byte(body)) {
					t.Errorf("%q is taken", no)
				}
			}
			if Signed(method+"="+digits, secret+"x", []byte(body)) || Signed(method+"="+digits, secret, []byte(body+"x")) {
				t.Error("of another secret or body")
			}
		})
	}
}

// FuzzSignature: what is taken begins with a known method, and its digits are those of that method.
func FuzzSignature(f *testing.F) {
	f.Add("sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", []byte("what do ya want for nothing?"))
	f.Add("sha256=", []byte{})
	f.Add("sha384", []byte("a"))
	f.Fuzz(func(t *testing.T, field string, body []byte) {
		method, digits, _ := strings.Cut(field, "=")
		want := hashOf(method) != nil && strings.EqualFold(feedtest.Signature(method, "Jefe", string(body)), method+"="+digits)
		if got := Signed(field, "Jefe", body); got != want {
			t.Errorf("%q: %v, want %v", field, got, want)
		}
		if hashOf(method) != nil && !Signed(feedtest.Signature(method, "Jefe", string(body)), "Jefe", body) {
			t.Errorf("a good %s is not taken", method)
		}
	})
}

// A delivery that is signed here is one that is taken.
func TestSignature(t *testing.T) {
	t.Parallel()
	field := Signature("Jefe", []byte("what do ya want for nothing?"))
	if want := feedtest.Signature("sha256", "Jefe", "what do ya want for nothing?"); field != want {
		t.Errorf("signed %s, want %s", field, want)
	}
	if !Signed(field, "Jefe", []byte("what do ya want for nothing?")) {
		t.Error("not taken")
	}
}
