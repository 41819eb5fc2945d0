package job

import (
	"fmt"

	"github.com/nexacollect/reconcile/ocpi"
	"github.com/nexacollect/reconcile/reconcile"
)

// Codes of this package; their entries are in ocpi/codes.md.
const (
	CodeKindUnknown = ocpi.Code("kind-unknown")
	CodeKindOther   = ocpi.Code("kind-other")
)

// otherKind is the finding about a record whose members are those of another object than the one wanted; nil where they are not. A folder
// may hold all kinds together, and a session that is read as a CDR would prove what it cannot.
func otherKind(rec ocpi.Record, want ocpi.Kind) *ocpi.Finding {
	return mistaken(rec, ocpi.DetectKind(rec.Bytes), want)
}

// mistaken is otherKind for a record whose kind is known already.
func mistaken(rec ocpi.Record, kind, want ocpi.Kind) *ocpi.Finding {
	if kind == want || kind == ocpi.KindUnknown {
		return nil
	}
	return &ocpi.Finding{
		Code: CodeKindOther, Severity: ocpi.SeverityBlock, Place: rec.Place,
		Message: fmt.Sprintf("the record is a %s, want a %s; name the files of each kind apart", kind, want),
	}
}

// kindOf is the kind of object that a record of grouping is.
func kindOf(kind reconcile.RecordKind) ocpi.Kind {
	if kind == reconcile.SessionRecord || kind == reconcile.TheirSessionRecord {
		return ocpi.KindSession
	}
	return ocpi.KindCDR
}

// tableKind is the kind of record that a table is read as where a kind is wanted: tables hold CDRs or sessions.
func tableKind(want ocpi.Kind) ocpi.Kind {
	if want == ocpi.KindCDR || want == ocpi.KindSession {
		return want
	}
	return ocpi.KindUnknown
}
