package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/reconcile"
)

func TestChainSentence(t *testing.T) {
	require.Empty(t, chainSentence(nil))
	number := func(text string) reconcile.Volumes {
		n := reconcile.Known(exact.MustParse(text))
		return reconcile.Volumes{KWh: n, Cost: reconcile.Money{BeforeTaxes: n}}
	}
	c := &reconcile.Chain{State: reconcile.ChainInPart, Currency: "EUR", Net: number("3"), CDRs: []reconcile.ChainCDR{
		{ID: "A\u202e", Step: reconcile.StepBill}, {ID: "A-C", Step: reconcile.StepCreditPart},
	}}
	require.Equal(t, ` Credits: the CDR is credited-in-part. A‹U+202E› (bill), A-C (credit-in-part); net 3 kWh, 3.00 EUR.`, chainSentence(c))
}
