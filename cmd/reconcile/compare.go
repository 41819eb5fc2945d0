package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/nexacollect/reconcile/reconcile/console"
	"github.com/nexacollect/reconcile/reconcile/pack"
	pages "github.com/nexacollect/reconcile/reconcile/report"
)

const compareLong = `Set two packs over the same invoices side by side: the creditor's and the debtor's, or those of two months.

It says which lines both agree on, what is payable today whichever of them is right, and for every other line the first point where the two
computations part: a missing record, a member of a record, a tariff, a reading of an open question, a rounding, what is disputed.`

func newCompareCmd(a *app) *cobra.Command {
	var html string
	cmd := &cobra.Command{
		Use:   "compare A B",
		Short: "Say what two packs agree on and where they part",
		Long:  compareLong,
		Example: "  reconcile compare ours theirs\n  reconcile compare ours theirs --html compare.html\n" +
			"  reconcile compare ours theirs --format json | jq '.totals'",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFlags(); err != nil {
				return err
			}
			c, err := pack.Compare(cmd.Context(), args[0], args[1])
			if err != nil {
				return err
			}
			if html != "" {
				if err := writeComparison(html, c); err != nil {
					return err
				}
			}
			if a.format == "json" {
				return json.NewEncoder(a.out).Encode(c)
			}
			_, err = fmt.Fprint(console.Plain(a.out), c.Text())
			return err
		},
	}
	cmd.Flags().StringVar(&html, "html", "", "also write a page to `FILE`")
	return cmd
}

// writeComparison writes the page; it replaces nothing.
func writeComparison(name string, c *pack.Comparison) error {
	var b bytes.Buffer
	if err := pages.WriteComparison(&b, c); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	_, err = f.Write(b.Bytes())
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}
