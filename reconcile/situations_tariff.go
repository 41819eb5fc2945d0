package reconcile

import (
	"fmt"
	"sync"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/ocpi/exact"
	"github.com/nexacollect/reconcile/tariff"
)

// answered are the questions of the register that the spec answers.
var answered = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, q := range tariff.Questions() {
		if q.Answered {
			out[q.Name] = true
		}
	}
	return out
})

func isAnswered(question string) bool { return answered()[question] }

// rowAgreementDisputed is row 19: the debtor says that the tariff was not agreed, and no agreed tariff is at hand to decide it.
func (t *trial) rowAgreementDisputed() {
	if t.line.disputed && t.line.quantity&QuantityTariff != 0 && len(t.b.terms.Agreed) == 0 && t.known {
		t.note(codeTariffUnproven, ocpi.SeverityWarn, "the debtor disputes the tariff, and the case names no agreed one: the line is priced on the CDR's own")
	}
}

// rowAgreed is row 20: the agreed tariff prices otherwise, and it decides.
func (t *trial) rowAgreed() {
	agreed := t.b.agreedPrice(t.cdr)
	if agreed == nil || !t.known {
		return
	}
	if t.governing == t.price {
		if agreed.blocked != nil {
			t.find(codeAgreedUnusable, ocpi.SeverityWarn, "the agreed tariffs do not price CDR %s: %s", t.cdr.cdr.ID, agreed.blocked.Message)
		}
		return
	}
	if t.base.Equal(t.value) {
		return
	}
	t.show(sheetAgreed, t.cdr, agreed)
	t.rule(ruling{row: 20, code: codeTariffNotAgreed, floor: t.base, ceiling: t.base,
		message: fmt.Sprintf("the agreed tariff prices CDR %s at %s, its own at %s", t.cdr.cdr.ID, t.base.Plain(), t.value.Plain())})
}

// rowPublished is row 21: no tariff was agreed, and the published one of the same id prices otherwise.
func (t *trial) rowPublished() {
	if !t.known || len(t.b.terms.Agreed) > 0 {
		return
	}
	published := t.b.publishedPrice(t.cdr)
	if published == nil || published.blocked != nil {
		return
	}
	value, ok := t.b.settled(published, t.basis)
	if !ok || value.Equal(t.value) {
		return
	}
	t.show(sheetPublished, t.cdr, published)
	t.rule(ruling{row: 21, code: codeTariffPublished, floor: exact.Min(t.value, value), ceiling: exact.Max(t.value, value),
		message: fmt.Sprintf("the published tariff prices CDR %s at %s, the one it carries at %s", t.cdr.cdr.ID, value.Plain(), t.value.Plain())})
}
