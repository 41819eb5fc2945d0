package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/pack"
)

const verifyLong = `Check a pack received, climbing the verification ladder: bag complete, bag valid, records parse to the stated values,
every disclosed calculation recomputes from the raw bytes, totals conserve. Needs nothing but the pack.`

func newVerifyCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "verify PACK",
		Short:   "Check an evidence pack, needing nothing else",
		Long:    verifyLong + "\n" + exitHelp,
		Example: "  reconcile verify pack\n  reconcile verify pack --format json | jq '.checks[] | select(.state==\"failed\")'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			v, err := pack.Verify(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return a.printVerification(v)
		},
	}
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
