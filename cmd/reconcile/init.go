package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/job"
)

const initLong = `Write a commented case file for the files found in a folder: what each holds is told from its first record or heading.`

func newInitCmd(a *app) *cobra.Command {
	var out string
	var force bool
	cmd := &cobra.Command{
		Use:     "init [DIR]",
		Short:   "Write a commented case file for the files found here",
		Long:    initLong,
		Example: "  reconcile init\n  reconcile init exports/ --out -",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			found, err := job.Discover(cmd.Context(), dir)
			if err != nil {
				return err
			}
			return a.writeCase(found, dir, out, force)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file to write, - for standard output (default: case.yaml in the folder)")
	cmd.Flags().BoolVar(&force, "force", false, "write over a file that stands there")
	return cmd
}

func (a *app) writeCase(found *job.Found, dir, out string, force bool) error {
	text := found.CaseFile()
	if out == "-" {
		_, err := fmt.Fprint(a.out, text)
		return err
	}
	if out == "" {
		out = filepath.Join(dir, "case.yaml")
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(out, flags, 0o644)
	if err != nil {
		return fmt.Errorf("write the case file (--force writes over one): %w", err)
	}
	if _, err := file.WriteString(text); err != nil {
		_ = file.Close() // the write failed already
		return fmt.Errorf("write %s: %w", out, err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	_, err = fmt.Fprintf(a.out, "%s written: %s\nnext: look at it, then 'reconcile run %s --out pack'\n", out, found.Text(), out)
	return err
}
