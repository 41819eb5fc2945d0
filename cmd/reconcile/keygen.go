package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/seal"
)

const keygenLong = `Make a key to sign packs with: NAME.pem, the private one, which only you can read, and NAME.pub.pem, the public one, which goes to
whoever is to check your packs. Give it, or read out its key id, by another way than the packs come.

With --secret it makes a case secret instead, NAME.secret, which 'reconcile commit' needs: 32 bytes of chance as hexadecimal digits.

A file that exists is never written over. Keys are PKCS #8 and SubjectPublicKeyInfo in PEM, as openssl reads and makes them.`

// keyMade is what keygen tells of a key.
type keyMade struct {
	KeyID   string `json:"key_id"`
	Type    string `json:"type"`
	Private string `json:"private"` // the file
	Public  string `json:"public"`
}

func newKeygenCmd(a *app) *cobra.Command {
	var kind string
	var secret bool
	cmd := &cobra.Command{
		Use:   "keygen NAME",
		Short: "Make a key to sign packs with",
		Long:  keygenLong + "\n" + exitHelp,
		Example: `  reconcile keygen creditor                      # creditor.pem and creditor.pub.pem
  reconcile keygen --type ecdsa-p256 creditor
  reconcile keygen --secret settlement           # settlement.secret
  reconcile run case.yaml --out pack --key creditor.pem
  reconcile verify pack --trust creditor.pub.pem`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			if secret {
				return a.makeSecret(args[0] + ".secret")
			}
			made, err := keygen(args[0], kind)
			if err != nil {
				return err
			}
			return a.printKey(made)
		},
	}
	cmd.Flags().StringVar(&kind, "type", seal.Ed25519, seal.Ed25519+" or "+seal.ECDSAP256)
	cmd.Flags().BoolVar(&secret, "secret", false, "make a case secret for commitments, no key")
	cmd.MarkFlagsMutuallyExclusive("secret", "type")
	return cmd
}

// keygen makes a key and its two files, or neither.
func keygen(name, kind string) (*keyMade, error) {
	if kind != seal.Ed25519 && kind != seal.ECDSAP256 {
		return nil, fmt.Errorf("--type %q: want %s or %s", kind, seal.Ed25519, seal.ECDSAP256)
	}
	s, err := seal.Generate(kind)
	if err != nil {
		return nil, err
	}
	text, err := s.PEM()
	if err != nil {
		return nil, err
	}
	made := &keyMade{KeyID: s.ID(), Type: kind, Private: name + ".pem", Public: name + ".pub.pem"}
	if err := writeNew(made.Public, s.Key.PEM(), 0o666); err != nil {
		return nil, err
	}
	if err := writeNew(made.Private, text, 0o600); err != nil {
		return nil, errors.Join(err, os.Remove(made.Public))
	}
	return made, nil
}

// writeNew writes a file that is not there yet, whole or not at all.
func writeNew(name string, text []byte, mode os.FileMode) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s exists: name another, a key is never written over", name)
	}
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("make a key: %w", err), os.Remove(name))
	}
	return nil
}

// makeSecret writes a new case secret, which it does not show.
func (a *app) makeSecret(name string) error {
	if err := writeNew(name, commitment.NewSecret().Text(), 0o600); err != nil {
		return err
	}
	name = filepath.ToSlash(name)
	if a.format == "json" {
		return json.NewEncoder(a.out).Encode(map[string]string{"secret": name})
	}
	_, err := fmt.Fprintf(a.out, "secret   %s: keep it to yourself, and keep it: without it no commitment made with it can be opened\n", name)
	return err
}

func (a *app) printKey(k *keyMade) error {
	if a.format == "json" {
		return json.NewEncoder(a.out).Encode(k)
	}
	_, err := io.WriteString(a.out, fmt.Sprintf("private  %s: keep it to yourself\npublic   %s: for whoever checks your packs\nkey id   %s (%s)\n",
		filepath.ToSlash(k.Private), filepath.ToSlash(k.Public), k.KeyID, k.Type))
	return err
}
