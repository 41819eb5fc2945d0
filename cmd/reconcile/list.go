package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/pack"
)

const listLong = `Print, of each invoice of a pack, the OCPI Invoice Reconciliation record (2.3.0 edition 2) that lists the CDRs whose lines are
proven: one JSON object a line, to be sent as it is. The creditor issues the invoices; with --reverse the debtor does.`

func newListCmd(a *app) *cobra.Command {
	var reverse bool
	cmd := &cobra.Command{
		Use:     "list PACK",
		Short:   "Print the OCPI Invoice Reconciliation records of what is proven",
		Long:    listLong,
		Example: "  reconcile list pack > invoice_reconciliation.ndjson",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			long, err := pack.WriteReconciliation(a.out, args[0], reverse)
			if err == nil && len(long) > 0 && !a.quiet {
				_, err = fmt.Fprintf(a.err, "reconcile: %d ids are longer than the 36 characters that a record allows, and listed in full: %s\n", len(long), strings.Join(long, ", "))
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&reverse, "reverse", false, "reverse billing: the debtor issues the invoices")
	return cmd
}
