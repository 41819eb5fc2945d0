package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/job"
)

const tariffDiffLong = `Say which sessions would cost differently under two tariffs, each difference with an example session priced under both.

The bounds of all restrictions of both tariffs make cells of days, times, durations, energies, powers and currents; in each the
engine is asked which price is active. Where all agree, no session can cost differently, and the report says over which
cells that was shown. At most 20,000 cells are examined; where there are more, the report says so.`

func newTariffDiff(a *app) *cobra.Command {
	var o job.DiffOptions
	var exitCode bool
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Say which sessions cost differently under two tariffs",
		Long:  tariffDiffLong + "\n" + exitHelp,
		Example: `  reconcile tariff diff old.json new.json
  reconcile tariff diff tariffs.ndjson tariffs.ndjson --id-a DAY --id-b NIGHT
  reconcile tariff diff agreed.json published.json --format json --exit-code`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			o.A, o.B = args[0], args[1]
			return a.tariffDiff(cmd, o, exitCode)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.IDA, "id-a", "", "the tariff of A with this id, where the file holds several")
	f.StringVar(&o.IDB, "id-b", "", "the tariff of B with this id, where the file holds several")
	f.BoolVar(&exitCode, "exit-code", false, "exit 1 where any session costs differently")
	return cmd
}

func (a *app) tariffDiff(cmd *cobra.Command, o job.DiffOptions, exitCode bool) error {
	var err error
	if o.Options, err = a.jobOptions(); err != nil {
		return err
	}
	o.JSON = a.format == "json"
	w := bufio.NewWriter(a.out)
	differ, err := job.Diff(cmd.Context(), o, console.Plain(w))
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if differ && exitCode {
		return &statusError{status: exitWrong}
	}
	return nil
}
