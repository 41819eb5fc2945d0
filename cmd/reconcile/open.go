package main

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/job"
)

const openLong = `Give back the original of a redacted record of a pack, byte by byte: to a court, or to the other side's counsel. It is checked
against the commitment that the copy in the pack carries, so that it is the record that was redacted and no other.

ID is the id of a CDR, a session or a tariff, or INVOICE:LINE for the rows of a line.`

func newOpenCmd(a *app) *cobra.Command {
	var o job.OpenOptions
	var secret string
	cmd := &cobra.Command{
		Use:   "open PACK --openings FILE --secret FILE --record ID",
		Short: "Give back the original of a redacted record",
		Long:  openLong + "\n" + exitHelp,
		Example: `  reconcile open pack --openings pack.openings.ndjson --secret settlement.secret --record 60cc9566
  reconcile open pack.zip --openings pack.openings.ndjson --secret settlement.secret --record INV-2026-09:17`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := a.checkFlags(); err != nil {
				return err
			}
			if o.Secret, err = readSecret(secret); err != nil {
				return err
			}
			o.Pack = args[0]
			opened, err := job.Open(cmd.Context(), o)
			if err != nil {
				return err
			}
			return a.printOpened(opened)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Openings, "openings", "", "file of the openings (required)")
	f.StringVar(&secret, "secret", "", "file of the secret of the case (required)")
	f.StringVar(&o.Record, "record", "", "which record (required)")
	for _, name := range []string{"openings", "secret", "record"} {
		_ = cmd.MarkFlagRequired(name) // the flag is defined above
	}
	return cmd
}

// printOpened writes the originals as they are, each on a line of its own; as JSON with what they are.
func (a *app) printOpened(opened []job.Opened) error {
	for _, o := range opened {
		if a.format == "json" {
			if err := json.NewEncoder(a.out).Encode(o); err != nil {
				return err
			}
			continue
		}
		if _, err := io.WriteString(a.out, o.Original+"\n"); err != nil {
			return err
		}
	}
	return nil
}
