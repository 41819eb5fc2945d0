package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/job"
	"github.com/nexacollect/reconcile/reconcile/redact"
)

const redactLong = `Write redacted copies of all inputs of a case, with a case file that names them. A pack that is made of them holds nothing else, and
everything in it can be checked as ever.

At the level pseudonymised who charged, the exact place and free texts are replaced; at minimal also EVSEs and meters. The
same secret gives the same pseudonyms. The openings give the originals back to who has the secret ('reconcile open'): they stay with you.`

func newRedactCmd(a *app) *cobra.Command {
	var f redactionFlags
	var out, secret string
	cmd := &cobra.Command{
		Use:   "redact CASE.yaml --level LEVEL --secret FILE --out DIR",
		Short: "Write redacted copies of the inputs of a case",
		Long:  redactLong + "\n" + exitHelp,
		Example: `  reconcile keygen --secret settlement   # settlement.secret, once
  reconcile redact case.yaml --level pseudonymised --secret settlement.secret --out given
  reconcile run given/case.yaml --out pack`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			s, err := readSecret(secret)
			if err != nil {
				return err
			}
			return a.redact(cmd, args[0], out, s, &f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.level, "level", "", "pseudonymised or minimal (required)")
	flags.StringVar(&secret, "secret", "", "file of the case secret (required)")
	flags.StringVar(&out, "out", "", "folder for the copies, which must not be there (required)")
	flags.StringVar(&f.openings, "openings", "", "file for the openings; DIR.openings.ndjson where not given")
	for _, name := range []string{"level", "secret", "out"} {
		_ = cmd.MarkFlagRequired(name) // the flag is defined above
	}
	_ = cmd.MarkFlagDirname("out")
	_ = cmd.RegisterFlagCompletionFunc("level", completeLevels)
	return cmd
}

var completeLevels = cobra.FixedCompletions([]string{"pseudonymised", "minimal"}, cobra.ShellCompDirectiveNoFileComp)

// redactionFlags are the level and where the openings go, as flags give them.
type redactionFlags struct{ level, openings string }

// of reads the flags. out is what is given away; Full needs no secret, and any other level records that are not redacted yet.
func (f *redactionFlags) of(c *reconcile.Case, out string, secret *commitment.Secret) (d job.Redaction, err error) {
	if f.level != "" { // the demo has no such flag
		if d.Level, err = redact.ParseLevel(f.level); err != nil {
			return d, err
		}
	}
	switch {
	case d.Level == redact.Full && f.openings != "":
		return d, errors.New("--openings is for redacted records: choose a level, pseudonymised or minimal")
	case d.Level == redact.Full:
		return d, nil
	case secret == nil:
		return d, fmt.Errorf("level %s: redacting takes the case secret, --secret FILE ('reconcile keygen --secret' makes one)", d.Level)
	case c.Disclosure != "":
		return d, fmt.Errorf("the records of this case are redacted copies already, at the level %s", c.Disclosure)
	}
	if d.Openings = f.openings; d.Openings == "" {
		d.Openings = strings.TrimRight(out, `/\`) + ".openings.ndjson"
	}
	d.Secret, err = redact.NewSecret(secret.Text())
	return d, err
}

func (a *app) redact(cmd *cobra.Command, file, out string, secret *commitment.Secret, f *redactionFlags) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the case file: %w", err)
	}
	c, err := reconcile.ParseCase(file, text)
	if err != nil {
		return err
	}
	d, err := f.of(c, out, secret)
	if err != nil {
		return err
	}
	if d.Level == redact.Full {
		return errors.New("--level full: the inputs as they are need no copies, want pseudonymised or minimal")
	}
	opts, err := a.jobOptions()
	if err != nil {
		return err
	}
	progress := a.startProgress(&opts)
	counts, err := job.WriteRedacted(cmd.Context(), job.RedactOptions{
		Options: opts, Case: c, Dir: filepath.Dir(file), Level: d.Level, Secret: d.Secret, Out: out, Openings: d.Openings,
	}, text)
	progress.stop()
	if err != nil {
		return err
	}
	return a.printRedacted(counts, out, d.Openings)
}

func (a *app) printRedacted(counts *job.RedactCounts, out, openings string) error {
	if a.format == "json" {
		return json.NewEncoder(a.out).Encode(counts)
	}
	_, err := fmt.Fprintf(a.out, "%d records redacted (%s), case file %s/case.yaml\nthe openings are in %s: keep them and the secret to yourself\n",
		counts.Records, counts.Level, strings.TrimSuffix(filepath.ToSlash(out), "/"), filepath.ToSlash(openings))
	if err == nil && counts.LeftOut > 0 {
		_, err = fmt.Fprintf(a.out, "%d stretches of tables that are no row were left out\n", counts.LeftOut)
	}
	return err
}
