package main

import (
	"bufio"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/job"
)

const tariffFixLong = `Edit tariffs where that cures a finding of 'tariff lint', and print the change as a diff. By default only edits are made that leave
the cost of every session as it is, under every reading of the open questions; --allow-changes also makes those that change it, such as
23:59 to 00:00 or a misspelt member to its right name. Every byte that no edit concerns stays as it was.

Nothing is written to disk without --write or -o.`

func newTariffFix(a *app) *cobra.Command {
	var o job.FixOptions
	cmd := &cobra.Command{
		Use:   "fix FILE",
		Short: "Mend tariffs, and show the change",
		Long:  tariffFixLong + "\n" + exitHelp,
		Example: `  reconcile tariff fix tariffs.json
  reconcile tariff fix tariffs.json --allow-changes -o mended.json
  reconcile tariff fix tariffs.ndjson --write`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			o.File = args[0]
			switch {
			case o.Write && o.Out != "":
				return errors.New("--write and -o: want one of them")
			case o.Write && o.File == "-":
				return errors.New("--write: standard input cannot be written anew; want -o FILE")
			}
			return a.tariffFix(cmd, o)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.AllowChanges, "allow-changes", false, "also make edits that change what sessions cost")
	f.BoolVar(&o.Write, "write", false, "write the file anew")
	f.StringVarP(&o.Out, "out", "o", "", "write the result to a file that does not exist yet; - for standard output, in the place of the diff")
	return cmd
}

func (a *app) tariffFix(cmd *cobra.Command, o job.FixOptions) error {
	opts, err := a.jobOptions()
	if err != nil {
		return err
	}
	o.Options, o.JSON, o.Stdin = opts, a.format == "json", a.in
	w := bufio.NewWriterSize(a.out, 1<<16)
	out := console.Plain(w)
	if o.Out == "-" {
		out = w // the text itself, to be read by a program
	}
	counts, err := job.FixTariffs(cmd.Context(), o, out)
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return a.fixStatus(counts)
}

// fixStatus prints the count on standard error and gives the exit status.
func (a *app) fixStatus(c *job.FixCounts) error {
	if !a.quiet {
		fmt.Fprintf(a.err, "%d edits in %d of %d tariffs\n", c.Edits, c.Changed, c.Tariffs)
		if c.Offered > 0 {
			fmt.Fprintf(a.err, "%d more would change what sessions cost: --allow-changes\n", c.Offered)
		}
	}
	if c.Rejected > 0 {
		return &statusError{status: exitUnusable, msg: fmt.Sprintf("%d records could not be used; each is listed with its reason", c.Rejected)}
	}
	return nil
}
