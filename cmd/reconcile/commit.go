package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/job"
	"github.com/nexacollect/reconcile/reconcile/redact"
)

const commitLong = `Commit to the records of a month when they come in, before anybody disputes them, without showing one of them. What is written to DIR:

  checkpoint, head, log   sizes and hashes, for publishing: send the checkpoint to the other side, or have it stamped
  checkpoint.tsq          a request for a time stamp authority (RFC 3161); 'reconcile commit stamp' takes the answer
  leaves.ndjson           which records there were: yours alone, like the secret

Later 'reconcile run --secret FILE --commitment DIR' proves of each record that it discloses that it was there, unchanged. The secret keeps
others from guessing records; lost, nothing can be proved. --after adds a month to those committed to before. Nothing goes over a network.`

type commitFlags struct {
	inputs                             reconcile.Inputs
	out, after, origin, secret, signer string
}

func newCommitCmd(a *app) *cobra.Command {
	var f commitFlags
	cmd := &cobra.Command{
		Use:   "commit [CASE.yaml] --secret FILE --out DIR",
		Short: "Commit to records before they are disputed",
		Long:  commitLong + "\n" + exitHelp,
		Example: `  reconcile keygen --secret settlement                        # settlement.secret
  reconcile commit september.yaml --secret settlement.secret --key creditor.pem --out committed/09
  reconcile commit october.yaml --secret settlement.secret --key creditor.pem --after committed/09 --out committed/10
  reconcile commit stamp committed/10 answer.tsr --tsa authority.pem
  reconcile commit consistency committed/09 committed/10
  reconcile run case.yaml --secret settlement.secret --commitment committed/10 --out pack`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			return a.commit(cmd, args, &f)
		},
	}
	f.addFlags(cmd)
	cmd.AddCommand(newCommitStampCmd(a), newCommitConsistencyCmd(a), newCommitAbsenceCmd(a))
	return cmd
}

func (f *commitFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.inputs.CDRs, "cdrs", nil, "CDRs: files, folders or globs; may be repeated")
	flags.StringArrayVar(&f.inputs.Sessions, "sessions", nil, "sessions")
	flags.StringArrayVar(&f.inputs.Tariffs, "tariffs", nil, "tariffs")
	flags.StringArrayVar(&f.inputs.Locations, "locations", nil, "locations")
	flags.StringArrayVar(&f.inputs.Invoices, "invoice", nil, "invoice lines")
	flags.StringVar(&f.out, "out", "", "folder for the commitment (required)")
	flags.StringVar(&f.secret, "secret", "", "file of the case secret (required); 'reconcile keygen --secret' makes one")
	flags.StringVar(&f.signer, "key", "", "private Ed25519 key that signs the checkpoint")
	flags.StringVar(&f.after, "after", "", "the commitment before this one, whose log this one extends")
	flags.StringVar(&f.origin, "origin", "", "name of the log, as example.com/settlement; reconcile/ and the creditor where not given")
	for _, name := range []string{"out", "secret"} {
		_ = cmd.MarkFlagRequired(name) // the flag is defined above
	}
	_ = cmd.MarkFlagDirname("out")
	_ = cmd.MarkFlagDirname("after")
}

// caseOf reads the case file, or makes a case of the flags.
func (f *commitFlags) caseOf(args []string) (*reconcile.Case, string, error) {
	i := &f.inputs
	given := len(i.CDRs)+len(i.Sessions)+len(i.Tariffs)+len(i.Locations)+len(i.Invoices) > 0
	switch {
	case len(args) == 0 && !given:
		return nil, "", errors.New("give a case file, or --cdrs or another input\nsee 'reconcile commit --help'")
	case len(args) == 0:
		return &reconcile.Case{Inputs: f.inputs}, "", nil
	case given:
		return nil, "", errors.New("inputs come from the case file or from flags, not from both")
	}
	return new(runFlags).caseOf(args)
}

func (a *app) commit(cmd *cobra.Command, args []string, f *commitFlags) (err error) {
	o := job.CommitOptions{Out: f.out, After: f.after, Origin: f.origin}
	if o.Case, o.Dir, err = f.caseOf(args); err != nil {
		return err
	}
	if o.Options, err = a.jobOptions(); err != nil {
		return err
	}
	if o.Secret, err = readSecret(f.secret); err != nil {
		return err
	}
	if f.signer != "" {
		signers, err := readSigners([]string{f.signer})
		if err != nil {
			return err
		}
		o.Signer = signers[0]
	}
	progress := a.startProgress(&o.Options)
	c, err := job.Commit(cmd.Context(), o)
	progress.stop()
	if err != nil {
		return err
	}
	if err := a.printCommitted(c); err != nil {
		return err
	}
	if c.Rejected > 0 {
		return &statusError{status: exitUnusable, msg: fmt.Sprintf("%d records could not be read and are not committed to; 'reconcile check' says why", c.Rejected)}
	}
	return nil
}

// readSecret reads a case secret.
func readSecret(file string) (*commitment.Secret, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--secret: %w", err)
	}
	s, err := commitment.ParseSecret(text)
	if err != nil {
		return nil, fmt.Errorf("--secret %s: %w", file, err)
	}
	return s, nil
}

func (a *app) printCommitted(c *job.Committed) error {
	if a.format == "json" {
		return json.NewEncoder(a.out).Encode(c)
	}
	var b strings.Builder
	var kinds []string
	for kind, n := range c.Records {
		kinds = append(kinds, fmt.Sprintf("%s %d", kind, n))
	}
	slices.Sort(kinds)
	fmt.Fprintf(&b, "committed  %d records: %s\n", c.Size, strings.Join(kinds, ", "))
	for i := range c.Sums {
		fmt.Fprintf(&b, "sum        %s %s %s\n", c.Sums[i].Kind, c.Sums[i].Currency, c.Sums[i].Net().Output())
	}
	fmt.Fprintf(&b, "root       %s, tree %d of the log %s\n", c.Root, c.Tree, c.Origin)
	if c.KeyID != "" {
		fmt.Fprintf(&b, "signed     by key %s\n", c.KeyID)
	} else {
		b.WriteString("unsigned   nothing shows who made the checkpoint (--key)\n")
	}
	fmt.Fprintf(&b, "publish    %s; for a time stamp send %s\n", c.Checkpoint, c.Request)
	_, err := a.out.Write([]byte(b.String()))
	return err
}

// caseSecret reads the case secret; nil where no flag names one. It serves a commitment, redacted records, or both.
func (f *runFlags) caseSecret() (*commitment.Secret, error) {
	redacts := f.redaction.level != "" && f.redaction.level != redact.Full.String()
	switch {
	case f.secret == "" && f.commitment != "":
		return nil, errors.New("--commitment takes the secret that it was made with, --secret FILE")
	case f.secret == "":
		return nil, nil
	case f.commitment == "" && !redacts:
		return nil, errors.New("--secret is for a commitment or for redacted records: --commitment DIR, --disclose LEVEL")
	}
	return readSecret(f.secret)
}

// proofs are those that the flags ask for; nil where they ask for none.
func (f *runFlags) proofs(secret *commitment.Secret) *job.Proofs {
	if f.commitment == "" {
		return nil
	}
	return &job.Proofs{Dir: f.commitment, Secret: secret}
}

// printProved says, below the result of a run, how many records were proved.
func (a *app) printProved(d *job.Proofs) error {
	if d == nil || a.format == "json" {
		return nil
	}
	_, err := fmt.Fprintf(a.out, "proved     %d disclosed records are of the commitment, %d are not\n", d.Proved, d.Missing)
	return err
}
