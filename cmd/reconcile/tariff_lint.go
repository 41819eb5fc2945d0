package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/job"
)

const tariffLintLong = `Look at how well tariffs are made: restrictions that never or always hold, bounds reversed, elements that are never reached,
moments at which nothing prices a dimension, ends just before midnight, doubled components, misspelt members. Each finding is a line as
'reconcile check' prints it, with its cure below; where another reading of an open question changes it, the question is named.`

func newTariffLint(a *app) *cobra.Command {
	var o job.LintOptions
	var show, failOn string
	cmd := &cobra.Command{
		Use:   "lint FILE…",
		Short: "Say what a tariff is not likely to mean, and the cure",
		Long:  tariffLintLong + "\n" + exitHelp,
		Example: `  reconcile tariff lint tariffs.json
  reconcile tariff lint tariffs/ --show info
  reconcile tariff lint tariffs.ndjson --fail-on warn --format json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			var ok bool
			if o.Show, ok = ocpi.ParseSeverity(show); !ok {
				return fmt.Errorf("--show %q: want info, warn, error or block", show)
			}
			fail, ok := ocpi.ParseSeverity(failOn)
			if !ok {
				return fmt.Errorf("--fail-on %q: want info, warn, error or block", failOn)
			}
			o.Files = args
			return a.tariffLint(cmd, o, fail)
		},
	}
	f := cmd.Flags()
	f.StringVar(&show, "show", "warn", "mildest finding to print: info, warn, error or block")
	f.StringVar(&failOn, "fail-on", "error", "exit 1 at this severity or above")
	return cmd
}

func (a *app) tariffLint(cmd *cobra.Command, o job.LintOptions, fail ocpi.Severity) error {
	return a.counted(fail, func(opts job.Options, asJSON bool, w io.Writer) (*job.CheckCounts, error) {
		o.Options, o.JSON = opts, asJSON
		return job.LintTariffs(cmd.Context(), o, w)
	})
}
