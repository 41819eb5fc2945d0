package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/job"
)

const tariffSimulateLong = `Write the CDR that a charge point would write for a session under a tariff: charging at one power until the energy is
delivered, parked before and after. Its periods are split at every boundary of the tariff, and its totals are the engine's,
so that 'reconcile price' finds a match.

The CDR is of the tariff's own OCPI version unless --ocpi-version names another, and stands on one line.`

func newTariffSimulate(a *app) *cobra.Command {
	var o job.SimulateOptions
	cmd := &cobra.Command{
		Use:   "simulate FILE --start TIME --end TIME --kwh N --max-power KW",
		Short: "Write the CDR of a session under a tariff",
		Long:  tariffSimulateLong + "\n" + exitHelp,
		Example: `  reconcile tariff simulate tariff.json --start 2026-03-29T01:30:00+01:00 --end 2026-03-29T06:00:00+02:00 --kwh 22 --max-power 11
  reconcile tariff simulate tariffs.ndjson --id NIGHT --start 2026-03-02T18:00:00Z --end 2026-03-03T06:00:00Z \
      --charge-from 2026-03-02T23:00:00Z --kwh 40 --max-power 11 --time-zone Europe/Amsterdam > cdr.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			if err := checkZone(o.TimeZone); err != nil {
				return err
			}
			o.Files = args
			return a.tariffSimulate(cmd, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.ID, "id", "", "the tariff with this id, where the file holds several")
	f.StringVar(&o.Start, "start", "", "start of the session, with its offset (required)")
	f.StringVar(&o.End, "end", "", "end of the session (required)")
	f.StringVar(&o.KWh, "kwh", "", "energy delivered, in kWh (required)")
	f.StringVar(&o.MaxPower, "max-power", "", "power at which it is delivered, in kW")
	f.StringVar(&o.MaxCurrent, "max-current", "", "current while charging, in A over all phases; that of --max-power at 230 V where not given")
	f.StringVar(&o.ChargeFrom, "charge-from", "", "when charging begins, parked before; the start where not given")
	f.StringVar(&o.ReserveFrom, "reserved-from", "", "when a reservation began that lasted until the start; with --end equal to --start it expired")
	f.StringVar(&o.TimeZone, "time-zone", "", "IANA zone of the location; the only one of the tariff's country where not given")
	f.StringVar(&o.TaxPercent, "tax", "", "tax rate in percent, for 2.3.0 tariffs that state none")
	for _, name := range []string{"start", "end", "kwh"} {
		_ = cmd.MarkFlagRequired(name) // the flag is defined above
	}
	return cmd
}

func (a *app) tariffSimulate(cmd *cobra.Command, o job.SimulateOptions) error {
	opts, err := a.jobOptions()
	if err != nil {
		return err
	}
	o.CDRVersion, opts.Version = opts.Version, 0 // the flag names the CDR's version; the tariff's is detected
	o.Options = opts
	w := bufio.NewWriter(a.out)
	if err := job.Simulate(cmd.Context(), o, console.Plain(w)); err != nil {
		return err
	}
	return w.Flush()
}
