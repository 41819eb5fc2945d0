package main

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/generate"
)

const generateLong = `Write a synthetic month with known defects, and the truth beside it: CDRs, sessions, tariffs, locations, an invoice, a
dispute list, a case file, and truth.ndjson with the right verdict of every invoice line, worked out without the engine.

With --from-sessions a log of measured sessions (CSV, also gzip or zstd) becomes the month instead; --column says which of its
columns holds what.`

func newGenerateCmd(a *app) *cobra.Command {
	var o generate.Options
	var from generate.FromOptions
	var sessions string
	var columns map[string]string
	cmd := &cobra.Command{
		Use:   "generate --records N --seed S --out DIR",
		Short: "Write a synthetic month with known defects and the truth beside it",
		Long:  generateLong,
		Example: `  reconcile generate --records 100000 --seed 1 --out month
  reconcile generate --from-sessions log.csv.gz --out month --zone America/Los_Angeles \
    --column id=Session --column start=ConnectionStartDateTime --column end=ConnectionEndDateTime \
    --column charge_start=ChargingStartDateTime --column charge_end=ChargingEndDateTime \
    --column kwh=Energy --column station=ChargingStation --column user=UserID`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			var r *generate.Report
			var err error
			if sessions != "" {
				from.Sessions, from.Out, from.Seed, from.Force, from.Columns = sessions, o.Out, o.Seed, o.Force, columns
				r, err = generate.FromSessions(cmd.Context(), from)
			} else {
				r, err = generate.Month(cmd.Context(), o)
			}
			if err != nil {
				return err
			}
			return a.printGenerated(r)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Records, "records", 10000, "number of CDRs")
	f.Uint64Var(&o.Seed, "seed", 1, "the same seed gives the same bytes")
	f.StringVar(&o.Out, "out", "", "folder to write to (required)")
	f.BoolVar(&o.Force, "force", false, "write into a folder that is not empty")
	f.StringVar(&o.Profile, "profile", "", "month: OCPI 2.2.1 (default); mixed: all three versions; single: one price of a kWh everywhere; fleet: master lines with an annex")
	f.StringVar(&o.Defects, "defects", "", "usual (default); all: also lines whose ids are blurred, lost or another system's, that go by a meter or stand for several CDRs, and credits of every kind")
	f.BoolVar(&o.Theirs, "theirs", false, "also the debtor's own copy of the CDRs and sessions, with differences, and the truth about them")
	f.StringVar(&sessions, "from-sessions", "", "CSV of measured sessions to make the month of")
	f.StringToStringVar(&columns, "column", nil, "WHAT=HEADING of the session log: id, start, end, charge_start, charge_end, kwh, station, user")
	f.StringVar(&from.Zone, "zone", "", "IANA zone of the stations of the session log")
	_ = cmd.MarkFlagRequired("out") // the flag is defined above
	_ = cmd.MarkFlagDirname("out")
	return cmd
}

func (a *app) printGenerated(r *generate.Report) error {
	if a.format == "json" {
		return json.NewEncoder(a.out).Encode(r)
	}
	_, err := io.WriteString(a.out, r.Text())
	return err
}
