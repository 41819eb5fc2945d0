package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/pack"
)

const packLong = `Put a pack into one file to send it: a zip or a tar.gz, which 'reconcile verify' and 'reconcile show' read as it is. The pack is
verified first; what does not verify is not sent. The same pack gives the same bytes.`

func newPackCmd(a *app) *cobra.Command {
	var out string
	var force bool
	cmd := &cobra.Command{
		Use:     "pack PACK --out FILE.zip",
		Short:   "Put an evidence pack into one file",
		Long:    packLong + "\n" + exitHelp,
		Example: "  reconcile pack pack --out pack.zip\n  reconcile pack pack --out pack.tar.gz\n  reconcile verify pack.zip",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			err := pack.Archive(cmd.Context(), args[0], out, force)
			if errors.Is(err, pack.ErrNotSound) {
				return notSound(err, args[0])
			}
			if err != nil {
				return err
			}
			return a.printPacked(out)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "the file, .zip or .tar.gz (required)")
	cmd.Flags().BoolVar(&force, "force", false, "replace a file that stands there")
	_ = cmd.MarkFlagRequired("out") // the flag is defined above
	return cmd
}

// notSound ends a verb that wants a pack that verifies.
func notSound(err error, dir string) error {
	return &statusError{status: exitWrong, msg: fmt.Sprintf("%v\n'reconcile verify %s' says what is wrong", err, dir)}
}

func (a *app) printPacked(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("look at the file written: %w", err)
	}
	name := filepath.ToSlash(file)
	if a.format == "json" {
		return json.NewEncoder(a.out).Encode(struct {
			File  string `json:"file"`
			Bytes int64  `json:"bytes"`
		}{name, info.Size()})
	}
	_, err = fmt.Fprintf(a.out, "wrote %s, %d bytes; check it with 'reconcile verify %s'\n", name, info.Size(), name)
	return err
}
