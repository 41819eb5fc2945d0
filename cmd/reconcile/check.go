package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/job"
)

const checkLong = `Validate exports and fixtures of any OCPI object: CDRs, sessions, tariffs, locations, tokens. CDRs are priced too, so that a
fixture whose price is wrong fails the build. Each finding is a line: file:line#pointer: message [severity code].`

var kinds = map[string]ocpi.Kind{
	"auto": ocpi.KindUnknown, "cdr": ocpi.KindCDR, "session": ocpi.KindSession, "tariff": ocpi.KindTariff,
	"location": ocpi.KindLocation, "token": ocpi.KindToken, "invoice-reconciliation": ocpi.KindInvoiceReconciliation,
}

func newCheckCmd(a *app) *cobra.Command {
	var o job.CheckOptions
	var kind, show, failOn string
	cmd := &cobra.Command{
		Use:   "check FILE…",
		Short: "Validate OCPI exports and fixtures, for CI",
		Long:  checkLong + "\n" + exitHelp,
		Example: `  reconcile check testdata/
  reconcile check cdrs.ndjson --fail-on warn
  reconcile check tariff.json --kind tariff --format json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			var ok bool
			if o.Kind, ok = kinds[kind]; !ok {
				return fmt.Errorf("--kind %q: want auto, cdr, session, tariff, location, token or invoice-reconciliation", kind)
			}
			if o.Show, ok = ocpi.ParseSeverity(show); !ok {
				return fmt.Errorf("--show %q: want info, warn, error or block", show)
			}
			fail, ok := ocpi.ParseSeverity(failOn)
			if !ok {
				return fmt.Errorf("--fail-on %q: want info, warn, error or block", failOn)
			}
			o.Files = args
			return a.check(cmd, o, fail)
		},
	}
	f := cmd.Flags()
	f.StringVar(&kind, "kind", "auto", "auto, or what every record is: cdr, session, tariff, location, token")
	f.StringVar(&show, "show", "warn", "mildest finding to print: info, warn, error or block")
	f.StringVar(&failOn, "fail-on", "error", "exit 1 at this severity or above")
	f.StringArrayVar(&o.Tariffs, "tariffs", nil, "tariffs for CDRs that embed none")
	f.StringArrayVar(&o.Locations, "locations", nil, "locations, for time zones")
	return cmd
}

func (a *app) check(cmd *cobra.Command, o job.CheckOptions, fail ocpi.Severity) error {
	return a.counted(fail, func(opts job.Options, asJSON bool, w io.Writer) (*job.CheckCounts, error) {
		o.Options, o.JSON = opts, asJSON
		return job.Check(cmd.Context(), o, w)
	})
}

// counted runs what prints findings, ends the output with their count, and gives the exit status.
func (a *app) counted(fail ocpi.Severity, run func(opts job.Options, asJSON bool, w io.Writer) (*job.CheckCounts, error)) error {
	opts, err := a.jobOptions()
	if err != nil {
		return err
	}
	progress := a.startProgress(&opts)
	w := bufio.NewWriterSize(a.out, 1<<16)
	counts, err := run(opts, a.format == "json", console.Plain(w))
	progress.stop()
	if err != nil {
		return err
	}
	if err := a.printCheck(w, counts); err != nil {
		return err
	}
	if counts.Worst() >= fail {
		return &statusError{status: exitWrong}
	}
	return nil
}

// printCheck ends the output with the count of findings.
func (a *app) printCheck(w *bufio.Writer, c *job.CheckCounts) error {
	n := c.Findings
	block, errors, warn, info := n[ocpi.SeverityBlock], n[ocpi.SeverityError], n[ocpi.SeverityWarn], n[ocpi.SeverityInfo]
	if a.format == "json" {
		count := map[string]int{"records": c.Records, "block": block, "error": errors, "warn": warn, "info": info}
		if err := json.NewEncoder(w).Encode(map[string]any{"summary": count}); err != nil {
			return err
		}
		return w.Flush()
	}
	fmt.Fprintf(w, "%d records: %d block, %d error, %d warn, %d info\n", c.Records, block, errors, warn, info)
	return w.Flush()
}
