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
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/job"
	"github.com/nexacollect/reconcile/reconcile/seal"
)

type runFlags struct {
	inputs   reconcile.Inputs
	theirs   reconcile.TheirInputs
	out      string
	force    bool
	resume   bool
	exitCode bool
	timeZone string
	keys     []string
	linesAs  []string

	secret, commitment string
	redaction          redactionFlags
}

const runLong = `Reconcile a case: price every CDR, match it against the invoice, judge every line, and write an evidence pack.

CASE.yaml names the inputs and the agreement ('reconcile init' writes one for the files found here); its relative paths
start from its own folder. Without a case file the inputs come from flags.`

func newRunCmd(a *app) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [CASE.yaml] --out DIR",
		Short: "Reconcile a case and write its evidence pack",
		Long:  runLong + "\n" + exitHelp,
		Example: `  reconcile run case.yaml --out pack
  reconcile run --cdrs 'export/*.ndjson' --sessions sessions.ndjson --invoice invoice.csv --out pack
  reconcile run case.yaml --out pack --force --format json --exit-code
  reconcile run case.yaml --out pack --resume   # after a power cut: goes on where it stopped
  reconcile run case.yaml --out pack --key creditor.pem   # signed ('reconcile keygen' makes a key)
  reconcile run case.yaml --out pack --secret settlement.secret --commitment committed/10   # see 'reconcile commit'
  reconcile run case.yaml --out pack --secret settlement.secret --disclose minimal   # for the other side: redacted records`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			if err := checkZone(f.timeZone); err != nil {
				return err
			}
			c, dir, err := f.caseOf(args)
			if err != nil {
				return err
			}
			return a.run(cmd, c, dir, &f)
		},
	}
	f.addFlags(cmd)
	return cmd
}

func (f *runFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.inputs.CDRs, "cdrs", nil, "CDRs: files, folders or globs; may be repeated")
	flags.StringArrayVar(&f.inputs.Sessions, "sessions", nil, "sessions")
	flags.StringArrayVar(&f.inputs.Tariffs, "tariffs", nil, "published tariffs")
	flags.StringArrayVar(&f.inputs.Locations, "locations", nil, "locations, for time zones and connector power")
	flags.StringArrayVar(&f.inputs.Tokens, "tokens", nil, "tokens of the provider, to see who may charge")
	flags.StringArrayVar(&f.inputs.Invoices, "invoice", nil, "invoice lines: CSV, XLSX, Parquet, or electronic invoices (UBL, CII, Factur-X)")
	flags.StringArrayVar(&f.inputs.Disputes, "disputes", nil, "dispute list: CSV, XLSX or Parquet")
	flags.StringArrayVar(&f.theirs.CDRs, "theirs", nil, "the debtor's own copy of the CDRs, to compare with ours")
	flags.StringArrayVar(&f.theirs.Sessions, "their-sessions", nil, "the debtor's own copy of the sessions")
	flags.StringArrayVar(&f.inputs.Responses, "responses", nil, "response sheets that came back, one a round, in order: CSV or XLSX")
	flags.StringArrayVar(&f.inputs.Decisions, "decisions", nil, "manual decisions: NDJSON")
	flags.StringArrayVar(&f.inputs.InvoiceReconciliation, "invoice-reconciliation", nil, "OCPI Invoice Reconciliation records: which CDRs an invoice lists")
	flags.StringVar(&f.timeZone, "time-zone", "", "IANA zone that stands above what records say")
	flags.StringVar(&f.out, "out", "", "folder for the evidence pack (required)")
	flags.BoolVar(&f.force, "force", false, "replace a pack that stands there")
	flags.BoolVar(&f.resume, "resume", false, "go on from a run over the same inputs that was stopped")
	flags.StringArrayVar(&f.keys, "key", nil, "private key that signs the pack; may be repeated")
	flags.StringSliceVar(&f.linesAs, "lines-as", nil, "forms of the lines beside lines.ndjson: csv, xlsx, parquet, or none (default csv,xlsx)")
	flags.BoolVar(&f.exitCode, "exit-code", false, "exit 1 where anything is not proven, or an invoice does not add up")
	flags.StringVar(&f.commitment, "commitment", "", "commitment under which each disclosed record, or the original of each redacted one, is proved ('reconcile commit')")
	flags.StringVar(&f.secret, "secret", "", "file of the case secret, which the commitment was made with and records are redacted with")
	flags.StringVar(&f.redaction.level, "disclose", "full", "full, or redact the records first: pseudonymised, minimal ('reconcile redact --help')")
	flags.StringVar(&f.redaction.openings, "openings", "", "file for what opens redacted records; PACK.openings.ndjson where not given")
	_ = cmd.RegisterFlagCompletionFunc("disclose", completeLevels)
	_ = cmd.MarkFlagRequired("out") // the flag is defined above
	_ = cmd.MarkFlagDirname("out")
	_ = cmd.MarkFlagDirname("commitment")
}

// caseOf reads the case file, or makes a case of the flags. The folder is the one that relative patterns start from.
func (f *runFlags) caseOf(args []string) (*reconcile.Case, string, error) {
	if len(args) == 0 {
		if len(f.inputs.CDRs) == 0 || len(f.inputs.Invoices) == 0 {
			return nil, "", errors.New("give a case file, or at least --cdrs and --invoice\nsee 'reconcile run --help'")
		}
		return &reconcile.Case{
			Inputs: f.inputs, Theirs: f.theirs,
			Agreement: reconcile.AgreementTerms{
				TimeZone: f.timeZone, Tolerance: reconcile.DefaultTolerance(), Limits: reconcile.DefaultLimits(), Matching: reconcile.DefaultMatching(),
			},
		}, "", nil
	}
	if len(f.inputs.CDRs)+len(f.inputs.Invoices)+len(f.inputs.Sessions)+len(f.inputs.Disputes)+len(f.inputs.Tariffs)+len(f.inputs.Locations)+
		len(f.inputs.Tokens)+len(f.inputs.Responses)+len(f.inputs.Decisions)+len(f.inputs.InvoiceReconciliation)+
		len(f.theirs.CDRs)+len(f.theirs.Sessions) > 0 {
		return nil, "", errors.New("inputs come from the case file or from flags, not from both")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return nil, "", fmt.Errorf("read the case file: %w", err)
	}
	c, err := reconcile.ParseCase(args[0], text)
	if err != nil {
		return nil, "", err
	}
	if f.timeZone != "" {
		c.Agreement.TimeZone = f.timeZone
	}
	return c, filepath.Dir(args[0]), nil
}

func (a *app) run(cmd *cobra.Command, c *reconcile.Case, dir string, f *runFlags) error {
	asOf, err := a.date()
	if err != nil {
		return err
	}
	if !asOf.IsZero() {
		c.AsOf = asOf
	}
	opts, err := a.jobOptions()
	if err != nil {
		return err
	}
	signers, err := readSigners(f.keys)
	if err != nil {
		return err
	}
	if f.linesAs != nil {
		if c.LinesAs, err = reconcile.ParseLineForms(f.linesAs); err != nil {
			return fmt.Errorf("--lines-as: %w", err)
		}
	}
	secret, err := f.caseSecret()
	if err != nil {
		return err
	}
	redaction, err := f.redaction.of(c, f.out, secret)
	if err != nil {
		return err
	}
	proofs := f.proofs(secret)
	progress := a.startProgress(&opts)
	say := func(text string) {
		progress.stop()
		a.say(text)
	}
	s, err := job.RunRedacted(cmd.Context(), job.RunOptions{
		Options: opts, Case: c, Dir: dir, Out: f.out, Force: f.force, Engine: engine(), Signers: signers, Proofs: proofs,
		Resume: job.Resume{Wanted: f.resume, Program: program(), Say: say},
	}, redaction)
	progress.stop()
	if err != nil {
		return err
	}
	if err := a.printSummary(s, f.out, signers); err != nil {
		return err
	}
	if err := a.printProved(proofs); err != nil {
		return err
	}
	return f.status(s)
}

func (a *app) printSummary(s *reconcile.Summary, out string, signers []*seal.Signer) error {
	if a.format == "json" {
		return json.NewEncoder(a.out).Encode(s)
	}
	if err := console.Summary(console.Plain(a.out), s, strings.TrimSuffix(filepath.ToSlash(out), "/")); err != nil {
		return err
	}
	return console.Signed(a.out, keyNames(signers))
}

// say tells of the work, unless nothing but the result is wanted.
func (a *app) say(text string) {
	if !a.quiet {
		fmt.Fprintln(a.err, "reconcile:", text)
	}
}

// status is the exit status of a finished run.
func (f *runFlags) status(s *reconcile.Summary) error {
	if n := s.Records.Rejected(); n > 0 {
		return &statusError{status: exitUnusable, msg: fmt.Sprintf("%d records could not be used; findings.ndjson lists each with its reason", n)}
	}
	if o := s.Outcomes; f.exitCode && o.Partial+o.Conceded+o.Unproven+len(reconcile.Mismatches(s.Invoices)) > 0 {
		return &statusError{status: exitWrong}
	}
	return nil
}

// jobOptions are the common flags as options of a job.
func (a *app) jobOptions() (job.Options, error) {
	v, err := a.version()
	size, exceeds := a.memory.limit()
	return job.Options{Workers: a.workers, Memory: size, Exceeds: exceeds, Version: v}, err
}
