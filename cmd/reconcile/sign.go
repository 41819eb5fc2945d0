package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/pack"
)

const signLong = `Sign a pack that is there already, or add a signer to one that is signed. The pack is verified first; what does not verify is not
signed. Its manifests stay as they are: signatures stand beside them, in PACK/sig.`

func newSignCmd(a *app) *cobra.Command {
	var keys []string
	cmd := &cobra.Command{
		Use:     "sign PACK --key FILE",
		Short:   "Sign an evidence pack, or add a signer to it",
		Long:    signLong + "\n" + exitHelp,
		Example: "  reconcile sign pack --key auditor.pem\n  reconcile verify pack --trust auditor.pub.pem",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			signers, err := readSigners(keys)
			if err != nil {
				return err
			}
			signed, err := pack.Sign(cmd.Context(), args[0], signers...)
			if errors.Is(err, pack.ErrNotSound) {
				return notSound(err, args[0])
			}
			if err != nil {
				return err
			}
			return a.printSigned(signed)
		},
	}
	cmd.Flags().StringArrayVar(&keys, "key", nil, "private key that signs (required); may be repeated")
	_ = cmd.MarkFlagRequired("key") // the flag is defined above
	return cmd
}

func (a *app) printSigned(signed []pack.Signed) error {
	if a.format == "json" {
		return json.NewEncoder(a.out).Encode(struct {
			Signatures []pack.Signed `json:"signatures"`
		}{signed})
	}
	for _, s := range signed {
		what := "signed by"
		if !s.Added {
			what = "signed before by"
		}
		if _, err := fmt.Fprintf(a.out, "%s %s key %s\n", what, s.Type, s.KeyID); err != nil {
			return err
		}
	}
	return nil
}
