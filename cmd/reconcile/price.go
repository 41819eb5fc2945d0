package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/job"
	"github.com/nexacollect/reconcile/tariff"
)

const priceLong = `Recompute CDRs from their charging periods under the tariff that governs them, and show the arithmetic beside what each
CDR claims. No invoice is needed.

Supplied tariffs price CDRs that embed none, and are compared with those that do; with --tariff-source given they govern.`

func newPriceCmd(a *app) *cobra.Command {
	var o job.PriceOptions
	var tariffSource string
	var rules []string
	var exitCode bool
	cmd := &cobra.Command{
		Use:   "price FILE…",
		Short: "Recompute CDRs and show the arithmetic",
		Long:  priceLong + "\n" + exitHelp,
		Example: `  reconcile price cdrs.ndjson
  reconcile price cdrs/ --tariffs tariffs.json --locations locations.json --format json
  reconcile price cdr.json --readings --rule step-scope=period`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			var err error
			if o.Source, err = parseTariffSource(tariffSource); err != nil {
				return err
			}
			if o.Rules, err = parseRules(rules); err != nil {
				return err
			}
			if err := checkZone(o.TimeZone); err != nil {
				return err
			}
			o.CDRs = args
			return a.price(cmd, o, exitCode)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.Tariffs, "tariffs", nil, "tariffs for CDRs that embed none: files, folders or globs")
	f.StringArrayVar(&o.Locations, "locations", nil, "locations, for time zones")
	f.StringVar(&tariffSource, "tariff-source", "cdr", "cdr: embedded tariffs govern; given: those of --tariffs")
	f.StringVar(&o.TimeZone, "time-zone", "", "IANA zone that stands above what records say")
	f.BoolVar(&o.Readings, "readings", false, "also price under every other reading of the open questions that this CDR meets")
	f.StringArrayVar(&rules, "rule", nil, "QUESTION=CHOICE: fix a reading ('reconcile explain QUESTION')")
	f.BoolVar(&exitCode, "exit-code", false, "exit 1 where any CDR is a mismatch or unpriceable")
	return cmd
}

func parseTariffSource(s string) (tariff.Source, error) {
	switch s {
	case "cdr":
		return tariff.FromCDR, nil
	case "given":
		return tariff.Given, nil
	}
	return 0, fmt.Errorf("--tariff-source %q: want cdr or given", s)
}

func parseRules(rules []string) (map[string]string, error) {
	out := map[string]string{}
	for _, r := range rules {
		name, choice, ok := strings.Cut(r, "=")
		if !ok {
			return nil, fmt.Errorf("--rule %q: want QUESTION=CHOICE", r)
		}
		out[name] = choice
	}
	return out, nil
}

func (a *app) price(cmd *cobra.Command, o job.PriceOptions, exitCode bool) error {
	opts, err := a.jobOptions()
	if err != nil {
		return err
	}
	progress := a.startProgress(&opts)
	o.Options, o.JSON = opts, a.format == "json"
	if !a.quiet {
		o.Notes = a.err
	}
	w := bufio.NewWriterSize(a.out, 1<<20)
	counts, err := job.Price(cmd.Context(), o, console.Plain(w))
	progress.stop()
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return a.priceStatus(counts, exitCode)
}

// priceStatus prints the count on standard error and gives the exit status.
func (a *app) priceStatus(c *job.PriceCounts, exitCode bool) error {
	bad := c.Verdicts[reconcile.PriceMismatch] + c.Verdicts[reconcile.PriceUnpriceable]
	if !a.quiet {
		fmt.Fprintf(a.err, "%d CDRs: %d match, %d rounding, %d mismatch, %d unpriceable\n", c.CDRs, c.Verdicts[reconcile.PriceMatch],
			c.Verdicts[reconcile.PriceRounding], c.Verdicts[reconcile.PriceMismatch], c.Verdicts[reconcile.PriceUnpriceable])
		for _, p := range c.Patterns {
			fmt.Fprintf(a.err, "%s: %s\n", p.Party, p.Share)
		}
	}
	switch {
	case c.Rejected > 0:
		return &statusError{status: exitUnusable, msg: fmt.Sprintf("%d records could not be used; each is listed with its reason", c.Rejected)}
	case exitCode && bad > 0:
		return &statusError{status: exitWrong}
	}
	return nil
}
