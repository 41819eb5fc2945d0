package main

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/job"
	"github.com/nexacollect/reconcile/tariff/describe"
)

const tariffDescribeLong = `Say in a driver's words what a tariff charges: every price with its conditions, taxes and steps, the limits of the total, what
can never apply, and two or three example sessions with what each costs. A line that begins with "otherwise" counts where
none before it does.

The description is complete: sessions can be priced from its lines alone, and cost what the tariff says.`

func newTariffDescribe(a *app) *cobra.Command {
	var o job.DescribeOptions
	cmd := &cobra.Command{
		Use:   "describe FILE…",
		Short: "Say in plain words what tariffs charge, in five languages",
		Long:  tariffDescribeLong + "\n" + exitHelp,
		Example: `  reconcile tariff describe tariff.json
  reconcile tariff describe tariffs.ndjson --id NIGHT --lang nl
  reconcile tariff describe tariff.json --lang de --format json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			if !slices.Contains(describe.Languages, o.Lang) {
				return fmt.Errorf("--lang %q: want one of %s", o.Lang, strings.Join(describe.Languages, ", "))
			}
			o.Files = args
			return a.tariffDescribe(cmd, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Lang, "lang", "en", "language: "+strings.Join(describe.Languages, ", "))
	f.StringVar(&o.ID, "id", "", "only the tariff with this id")
	return cmd
}

func (a *app) tariffDescribe(cmd *cobra.Command, o job.DescribeOptions) error {
	var err error
	if o.Options, err = a.jobOptions(); err != nil {
		return err
	}
	o.JSON = a.format == "json"
	w := bufio.NewWriter(a.out)
	rejected, err := job.Describe(cmd.Context(), o, console.Plain(w))
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if rejected > 0 {
		return &statusError{status: exitUnusable, msg: "some records could not be used; each is listed with its reason"}
	}
	return nil
}
