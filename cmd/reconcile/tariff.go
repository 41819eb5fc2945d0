package main

import "github.com/spf13/cobra"

const tariffLong = `Work on tariffs themselves: look at how well they are made, and mend them.`

// newTariffCmd is the parent of what is done to tariffs.
func newTariffCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "tariff",
		Short:   "Look at tariffs and mend them",
		Long:    tariffLong + "\n" + exitHelp,
		Example: "  reconcile tariff lint tariffs.json\n  reconcile tariff fix tariffs.json --write",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newTariffLint(a), newTariffFix(a))
	return cmd
}
