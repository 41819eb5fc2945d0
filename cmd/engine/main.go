//go:build js && wasm

// Engine is the pricing engine for a browser: report.html carries it, so that whoever reads a pack can make each calculation again.
// It is the same code that the program runs. `make engine` compiles it into the page's assets.
//
// It sets a global object, reconcileEngine, whose functions take and give text:
//
//	price(calculation)    → {"price": …} of replay.Price, or {"error": "…"}
//	readings(calculation) → {"questions": […]} of replay.Question, or {"error": "…"}
//	sha256(text)          → the digest of the text in UTF-8, in hexadecimal
//	sha256hex(digits)     → the digest of the bytes that the hexadecimal digits are, likewise; "" where they are none
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"syscall/js"

	"github.com/nexacollect/reconcile/reconcile/replay"
)

func main() {
	js.Global().Set("reconcileEngine", js.ValueOf(map[string]any{
		"price": function(answer(func(c *replay.Calculation) (any, error) {
			p, err := c.Price()
			return map[string]any{"price": p}, err
		})),
		"readings": function(answer(func(c *replay.Calculation) (any, error) {
			q, err := c.Readings()
			return map[string]any{"questions": q}, err
		})),
		"sha256": function(func(text string) string {
			sum := sha256.Sum256([]byte(text))
			return hex.EncodeToString(sum[:])
		}),
		"sha256hex": function(func(digits string) string {
			raw, err := hex.DecodeString(digits)
			if err != nil {
				return ""
			}
			sum := sha256.Sum256(raw)
			return hex.EncodeToString(sum[:])
		}),
	}))
	select {} // the page calls
}

// function makes f callable from the page.
func function(f func(string) string) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) != 1 || args[0].Type() != js.TypeString {
			return `{"error":"want one text"}`
		}
		return f(args[0].String())
	})
}

// answer reads a calculation and writes what f says of it.
func answer(f func(*replay.Calculation) (any, error)) func(string) string {
	return func(text string) string {
		c := &replay.Calculation{}
		err := json.Unmarshal([]byte(text), c)
		if err == nil {
			var out any
			if out, err = f(c); err == nil {
				var b []byte
				if b, err = json.Marshal(out); err == nil {
					return string(b)
				}
			}
		}
		b, _ := json.Marshal(map[string]string{"error": err.Error()})
		return string(b)
	}
}
