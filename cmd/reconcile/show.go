package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/pack"
)

func newShowCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show PACK LINE",
		Short: "Print one line of a pack, its evidence and its arithmetic",
		Long: `Print one line of a pack, its evidence and its arithmetic, as text.

LINE is invoice:line, a line number where the pack has one invoice, a CDR id or a session id.`,
		Example: "  reconcile show pack INV-2026-09:17\n  reconcile show pack 17",
		Args:    cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			if a.format == "json" {
				return errors.New("show prints text; for machines there are data/lines.ndjson, data/index.ndjson and the shards")
			}
			return pack.Show(console.Plain(a.out), args[0], args[1])
		},
	}
}
