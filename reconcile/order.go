package reconcile

// CompareLines orders invoice lines as judging does where one CDR can support only one of them: by invoice date, invoice, line, then by
// all else that they say, and by place only where they say the same.
func CompareLines(a, b *Line) int { return compareLines(a, b) }

// SameLine reports lines that say the same: one row of an invoice that was given twice.
func SameLine(a, b *Line) bool { return compareContent(a, b) == 0 }
