package reconcile

// CompareLines orders invoice lines as judging does where one CDR can support only one of them: by invoice date, invoice, line, then by
// all else that they say, and by place only where they say the same.
func CompareLines(a, b *Line) int { return compareLines(a, b) }
