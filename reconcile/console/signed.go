package console

import (
	"fmt"
	"io"
	"strings"
)

// Signed writes, below the result of a run, which keys signed the pack, or what it means that none did.
func Signed(w io.Writer, keys []string) error {
	if len(keys) == 0 {
		_, err := fmt.Fprintln(w, "unsigned   whoever changes the pack can write its manifests anew; 'reconcile sign' signs it")
		return err
	}
	_, err := fmt.Fprintf(w, "signed     by %s\n", strings.Join(keys, "\n           by "))
	return err
}
