package main

import (
	"fmt"
	"os"

	"github.com/nexacollect/reconcile/reconcile/seal"
)

// readSigners reads files of private keys.
func readSigners(files []string) ([]*seal.Signer, error) {
	return readPEM("--key", files, seal.ParseSigner)
}

// readKeys reads files of public keys.
func readKeys(files []string) ([]*seal.Key, error) {
	return readPEM("--trust", files, seal.ParseKey)
}

func readPEM[K any](flag string, files []string, parse func([]byte) (K, error)) ([]K, error) {
	var out []K
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
		k, err := parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", flag, name, err)
		}
		out = append(out, k)
	}
	return out, nil
}

// keyNames are the keys of signers for people.
func keyNames(signers []*seal.Signer) []string {
	var out []string
	for _, s := range signers {
		out = append(out, s.Type()+" key "+s.ID())
	}
	return out
}
