package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/job"
	"github.com/nexacollect/reconcile/reconcile/pack"
)

const verifyLong = `Check a pack received, climbing the verification ladder: bag complete, bag valid, records parse to the stated values,
every disclosed calculation recomputes from the raw bytes, totals conserve, the signatures hold. Needs nothing but the pack: a folder, or a zip
or tar.gz of one, which is read as it is and never unpacked.

Whose key signed it no pack can say. --trust names a public key that came by another way: the pack must then be signed with it,
or with one of them where several are named. --checkpoint and --tsa do the same for a commitment ('reconcile commit') and its time stamp.`

func newVerifyCmd(a *app) *cobra.Command {
	var trust []string
	var authorities, checkpoint string
	cmd := &cobra.Command{
		Use:   "verify PACK",
		Short: "Check an evidence pack, needing nothing else",
		Long:  verifyLong + "\n" + exitHelp,
		Example: `  reconcile verify pack
  reconcile verify pack.zip --trust creditor.pub.pem
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
			v, err := pack.VerifyWith(cmd.Context(), args[0], o)
			if err != nil {
				return err
			}
			return a.printVerification(v)
		},
	}
	cmd.Flags().StringArrayVar(&trust, "trust", nil, "public key of which a signature is wanted; may be repeated: one of them must have signed")
	cmd.Flags().StringVar(&authorities, "tsa", "", "certificates of which a time stamp over the commitment is wanted, PEM")
	cmd.Flags().StringVar(&checkpoint, "checkpoint", "", "checkpoint that was sent before the dispute: records must be proved under this one")
	return cmd
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
