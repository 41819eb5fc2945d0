package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/commitment"
	"github.com/nexacollect/reconcile/reconcile/job"
)

const commitStampLong = `Take the answer of a time stamp authority (RFC 3161) to DIR/checkpoint.tsq: check that it is a stamp over the checkpoint by an authority
that the certificates of --tsa lead to, and keep it with the commitment. How the request reached the authority and the answer came back is up to
you: 'curl -H "Content-Type: application/timestamp-query" --data-binary @checkpoint.tsq URL > answer.tsr' on a machine that may.`

func newCommitStampCmd(a *app) *cobra.Command {
	var authorities string
	cmd := &cobra.Command{
		Use:     "stamp DIR ANSWER.tsr --tsa FILE",
		Short:   "Keep a time stamp with a commitment",
		Long:    commitStampLong + "\n" + exitHelp,
		Example: "  reconcile commit stamp committed/10 answer.tsr --tsa authority.pem",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			s, err := job.Stamp(cmd.Context(), args[0], args[1], authorities)
			if err != nil {
				return err
			}
			if a.format == "json" {
				return json.NewEncoder(a.out).Encode(map[string]string{
					"time": s.Time.Format(time.RFC3339Nano), "authority": s.Authority, "anchor": s.Anchor,
				})
			}
			_, err = fmt.Fprintf(a.out, "stamped    %s by %s\n", s.Time.Format(time.RFC3339Nano), s.Authority)
			return err
		},
	}
	cmd.Flags().StringVar(&authorities, "tsa", "", "certificates that the authority's leads to, PEM (required)")
	_ = cmd.MarkFlagRequired("tsa") // the flag is defined above
	return cmd
}

const commitConsistencyLong = `Prove that the log of commitment LATER extends that of EARLIER: no month was taken back or made anew in between. EARLIER is a commitment
or the checkpoint that was sent; LATER is a commitment, of which leaves.ndjson is not needed.`

func newCommitConsistencyCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "consistency EARLIER LATER",
		Short: "Prove that later commitments only add to earlier ones",
		Long:  commitConsistencyLong + "\n" + exitHelp,
		Example: `  reconcile commit consistency committed/09 committed/10
  reconcile commit consistency checkpoint-of-september committed/10`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			g, err := job.Consistency(args[0], args[1])
			if errors.Is(err, job.ErrNotGrown) {
				return &statusError{status: exitWrong, msg: err.Error()}
			}
			if err != nil {
				return err
			}
			if a.format == "json" {
				return json.NewEncoder(a.out).Encode(g)
			}
			_, err = fmt.Fprintf(a.out, "consistent  the log %s grew from %d to %d trees; the first %d are as they were\n", g.Origin, g.From, g.To, g.From)
			return err
		},
	}
}

const commitAbsenceLong = `Prove that a commitment has no record of an object: as the leaves are sorted, those that would stand beside it stand beside each other.
Their keys are shown, their records are not. The proof is one JSON object; --check holds one against the commitment's head instead.`

func newCommitAbsenceCmd(a *app) *cobra.Command {
	var secret, check string
	cmd := &cobra.Command{
		Use:     "absence DIR KIND COUNTRY_CODE PARTY_ID ID (--secret FILE | --check PROOF)",
		Short:   "Prove that a commitment has no record of an object",
		Long:    commitAbsenceLong + "\n" + exitHelp,
		Example: "  reconcile commit absence committed/10 cdr NL CPO 8f2b --secret settlement.secret > absence.json\n  reconcile commit absence committed/10 cdr NL CPO 8f2b --check absence.json",
		Args:    cobra.ExactArgs(5),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			if (secret == "") == (check == "") {
				return errors.New("give --secret to make a proof, or --check to check one")
			}
			if !commitment.IsKind(args[1]) {
				return fmt.Errorf("kind %q: want cdr, session, tariff, location or invoice_line", args[1])
			}
			key := commitment.Key{Kind: args[1], CountryCode: args[2], PartyID: args[3], ID: args[4]}
			if check != "" {
				return a.checkAbsence(args[0], check, key)
			}
			return a.proveAbsence(args[0], secret, key)
		},
	}
	cmd.Flags().StringVar(&secret, "secret", "", "file of the case secret")
	cmd.Flags().StringVar(&check, "check", "", "file of a proof")
	return cmd
}

func (a *app) proveAbsence(dir, secretFile string, key commitment.Key) error {
	secret, err := readSecret(secretFile)
	if err != nil {
		return err
	}
	proof, err := job.ProveAbsence(dir, secret, key)
	if errors.Is(err, commitment.ErrPresent) {
		return &statusError{status: exitWrong, msg: err.Error()}
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(a.out).Encode(proof)
}

func (a *app) checkAbsence(dir, proofFile string, key commitment.Key) error {
	err := job.CheckAbsence(dir, proofFile, key)
	if errors.Is(err, job.ErrNotAbsent) {
		return &statusError{status: exitWrong, msg: err.Error()}
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "absent  %s is none of the records committed to, as far as these are sorted\n", &key)
	return err
}
