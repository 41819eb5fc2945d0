package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/generate"
)

const demoLong = `Run the built-in case end to end, with no input needed: some hundred sessions in three countries and three OCPI versions,
an invoice of which part is disputed, every outcome in it. Prints the result and writes a full evidence pack.`

func newDemoCmd(a *app) *cobra.Command {
	var f runFlags
	var input string
	cmd := &cobra.Command{
		Use:     "demo [--out DIR]",
		Short:   "The built-in case, end to end, no input needed",
		Long:    demoLong + "\n" + exitHelp,
		Example: "  reconcile demo\n  reconcile demo --out pack --input case   # keep the case's files too",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			return a.demo(cmd, &f, input)
		},
	}
	cmd.Flags().StringVar(&f.out, "out", "reconcile-demo", "folder for the evidence pack")
	cmd.Flags().BoolVar(&f.force, "force", false, "replace a pack that stands there")
	cmd.Flags().StringVar(&input, "input", "", "folder to keep the case's input files in")
	return cmd
}

// demo writes the case's files, to a temporary folder unless they are to be kept, and runs the case.
func (a *app) demo(cmd *cobra.Command, f *runFlags, input string) (err error) {
	if input == "" {
		if input, err = os.MkdirTemp("", "reconcile-demo-"); err != nil {
			return fmt.Errorf("make a folder for the demo's input: %w", err)
		}
		defer func() { _ = os.RemoveAll(input) }() // a temporary folder
	}
	if _, err := generate.Demo(cmd.Context(), input, f.force); err != nil {
		return err
	}
	name := filepath.Join(input, "case.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the demo's case: %w", err)
	}
	c, err := reconcile.ParseCase("case.yaml", text)
	if err != nil {
		return err
	}
	return a.run(cmd, c, input, f)
}
