package main

import "github.com/spf13/cobra"

const tariffLong = `Work on tariffs themselves: say what they charge, write a session's CDR under one, compare two, look at how well they are made, and
mend them.`

// newTariffCmd is the parent of what is done with tariffs.
func newTariffCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "tariff",
		Short: "Describe, simulate, compare, lint and mend tariffs",
		Long:  tariffLong + "\n" + exitHelp,
		Example: `  reconcile tariff describe tariff.json --lang de
  reconcile tariff simulate tariff.json --start 2026-09-01T08:00:00+02:00 --end 2026-09-01T10:00:00+02:00 --kwh 22 --max-power 11
  reconcile tariff diff old.json new.json
  reconcile tariff lint tariffs.json
  reconcile tariff fix tariffs.json --write`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newTariffDescribe(a), newTariffSimulate(a), newTariffDiff(a), newTariffLint(a), newTariffFix(a))
	return cmd
}
