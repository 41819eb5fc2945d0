package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/job"
)

const convertLong = `Write records of any input as one Parquet or NDJSON file, in order and without loss: each record keeps the bytes as received, so
that Parquet and back gives the same lines. In Parquet further columns hold what is understood of CDRs and sessions, for queries.

Tables (CSV, XLSX, flat Parquet) become OCPI objects, by the columns and inputs.time_zone of a case file where one is given.`

func newConvertCmd(a *app) *cobra.Command {
	var o job.ConvertOptions
	var kind, caseFile string
	cmd := &cobra.Command{
		Use:   "convert FILE… --out FILE.parquet|FILE.ndjson",
		Short: "Write records as Parquet or NDJSON, without loss",
		Long:  convertLong + "\n" + exitHelp,
		Example: `  reconcile convert cdrs.ndjson.gz --out cdrs.parquet
  reconcile convert 'export/*.parquet' --out cdrs.ndjson --force
  reconcile convert cdrs.csv --kind cdr --case case.yaml --out cdrs.ndjson`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			var ok bool
			if o.Kind, ok = kinds[kind]; !ok || o.Kind > ocpi.KindSession {
				return fmt.Errorf("--kind %q: want auto, cdr or session", kind)
			}
			o.Files = args
			return a.convert(cmd, o, caseFile)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Out, "out", "", "file to write; its ending, .parquet or .ndjson, is the format (required)")
	f.BoolVar(&o.Force, "force", false, "replace a file that stands there")
	f.StringVar(&kind, "kind", "auto", "auto, or what the rows of tables are: cdr, session")
	f.StringVar(&caseFile, "case", "", "case file whose columns and inputs.time_zone tables are read by")
	_ = cmd.MarkFlagRequired("out") // the flag is defined above
	_ = cmd.MarkFlagFilename("out", "parquet", "ndjson", "jsonl")
	_ = cmd.MarkFlagFilename("case", "yaml", "yml")
	_ = cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions([]string{"auto", "cdr", "session"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) convert(cmd *cobra.Command, o job.ConvertOptions, caseFile string) (err error) {
	if caseFile != "" {
		if o.Case, _, err = new(runFlags).caseOf([]string{caseFile}); err != nil {
			return err
		}
	}
	if o.Options, err = a.jobOptions(); err != nil {
		return err
	}
	o.Show, o.JSON = ocpi.SeverityWarn, a.format == "json"
	progress := a.startProgress(&o.Options)
	w := bufio.NewWriterSize(a.out, 1<<16)
	counts, err := job.Convert(cmd.Context(), o, console.Plain(w))
	progress.stop()
	if err != nil {
		return errors.Join(err, w.Flush())
	}
	if o.JSON {
		err = json.NewEncoder(w).Encode(map[string]any{"summary": counts})
	} else {
		_, err = fmt.Fprintf(w, "%d records written to %s, %d could not be used\n", counts.Records, counts.Out, counts.Rejected)
	}
	if err = errors.Join(err, w.Flush()); err == nil && counts.Rejected > 0 {
		err = &statusError{status: exitUnusable, msg: fmt.Sprintf("%d records could not be used; each is listed with its reason", counts.Rejected)}
	}
	return err
}
