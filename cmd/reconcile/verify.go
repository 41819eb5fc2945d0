package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile"
	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/job"
	"github.com/nexacollect/reconcile/reconcile/pack"
)

const verifyLong = `Check a pack received, climbing the verification ladder: bag complete, bag valid, records parse to the stated values,
every disclosed calculation recomputes from the raw bytes, totals conserve, the signatures hold. Needs nothing but the pack: a folder, or a zip
or tar.gz of one, which is read as it is and never unpacked.

Whose key signed it no pack can say. --trust names a public key that came by another way: the pack must then be signed with it,
or with one of them where several are named. --checkpoint and --tsa do the same for a commitment ('reconcile commit') and its time stamp.

Which records support a line takes all of them, and a pack discloses those of disputed lines. Whoever has the inputs gives their case file by --inputs:
the run is then made again, in a temporary folder, and must give the same files byte for byte.`

func newVerifyCmd(a *app) *cobra.Command {
	var trust []string
	var authorities, checkpoint, inputs string
	cmd := &cobra.Command{
		Use:   "verify PACK",
		Short: "Check an evidence pack, needing nothing else",
		Long:  verifyLong + "\n" + exitHelp,
		Example: `  reconcile verify pack
  reconcile verify pack.zip --trust creditor.pub.pem
  reconcile verify pack --inputs month/case.yaml   # or the folder that holds case.yaml and the inputs
  reconcile verify pack --format json | jq '.checks[] | select(.state=="failed")'`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			keys, err := readKeys(trust)
			if err != nil {
				return err
			}
			o := pack.VerifyOptions{Trusted: keys}
			if authorities != "" {
				if o.Authorities, err = job.Authorities(authorities); err != nil {
					return fmt.Errorf("--tsa: %w", err)
				}
			}
			if checkpoint != "" {
				if o.Checkpoint, err = job.Checkpoint(checkpoint); err != nil {
					return fmt.Errorf("--checkpoint: %w", err)
				}
			}
			v, err := a.verify(cmd, args[0], inputs, o)
			if err != nil {
				return err
			}
			return a.printVerification(v)
		},
	}
	cmd.Flags().StringArrayVar(&trust, "trust", nil, "public key of which a signature is wanted; may be repeated: one of them must have signed")
	cmd.Flags().StringVar(&authorities, "tsa", "", "certificates of which a time stamp over the commitment is wanted, PEM")
	cmd.Flags().StringVar(&checkpoint, "checkpoint", "", "checkpoint that was sent before the dispute: records must be proved under this one")
	cmd.Flags().StringVar(&inputs, "inputs", "", "case file of the inputs, or the folder of case.yaml: the run is made again and compared")
	return cmd
}

// verify climbs the ladder, after the run was made again where its inputs are at hand.
func (a *app) verify(cmd *cobra.Command, dir, inputs string, o pack.VerifyOptions) (_ *pack.Verification, err error) {
	if inputs == "" {
		return pack.VerifyWith(cmd.Context(), dir, o)
	}
	if info, err := os.Stat(inputs); err == nil && info.IsDir() {
		inputs = filepath.Join(inputs, "case.yaml")
	}
	temp, err := os.MkdirTemp("", "reconcile-verify-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the run: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	o.Again = filepath.Join(temp, "pack")
	forms, err := pack.LineForms(cmd.Context(), dir)
	if err != nil {
		return nil, fmt.Errorf("verify %s: %w", dir, err)
	}
	if err := a.makeAgain(cmd, inputs, o.Again, forms); err != nil {
		return nil, fmt.Errorf("make the run again from %s: %w", inputs, err)
	}
	return pack.VerifyWith(cmd.Context(), dir, o)
}

// makeAgain makes a pack of a case with its lines in the forms, saying nothing of its result.
func (a *app) makeAgain(cmd *cobra.Command, caseFile, out string, forms []reconcile.LineForm) error {
	f := runFlags{out: out}
	c, dir, err := f.caseOf([]string{caseFile})
	if err != nil {
		return err
	}
	asOf, err := a.date()
	if err != nil {
		return err
	}
	if !asOf.IsZero() {
		c.AsOf = asOf
	}
	c.LinesAs = forms
	opts, err := a.jobOptions()
	if err != nil {
		return err
	}
	progress := a.startProgress(&opts)
	defer progress.stop()
	_, err = job.Run(cmd.Context(), job.RunOptions{Options: opts, Case: c, Dir: dir, Out: out, Engine: engine()})
	return err
}

func (a *app) printVerification(v *pack.Verification) error {
	var err error
	if a.format == "json" {
		err = json.NewEncoder(a.out).Encode(v)
	} else {
		_, err = fmt.Fprint(console.Plain(a.out), v.Text())
	}
	if err == nil && !v.OK {
		return &statusError{status: exitWrong}
	}
	return err
}
