package ocpi

// emaidDigits is how many characters of an EMAID its check digit is of: country, provider, C and eight more.
const emaidDigits = 14

// ContractCheckDigit is the check digit of a contract id without its separators, of fourteen letters and digits or more; 0 where it has fewer.
func ContractCheckDigit(plain string) byte {
	if len(plain) < emaidDigits {
		return 0
	}
	return checkDigit([]byte(plain))
}

// checkDigit is the check digit of an EMAID without its separators, of which the first fourteen characters count (eMI3, ISO 15118-1 annex
// H: Check Digit Calculation for Contract-IDs). Case does not count.
//
// A character is a number n of 0 to 35, in the order of digits and letters, taken as two bits, n/9, and two digits to the base 3, n%9.
// Of a vector of all the bits of one place, the powers of a matrix make a sum modulo 2 that is zero if the check digit is the fifteenth
// character, and of the other digits likewise modulo 3. The matrices are (0 1, 1 1) and (0 1, 1 2).
func checkDigit(plain []byte) byte {
	var a, b, c, d int // the two sums
	for i := emaidDigits - 1; i >= 0; i-- {
		n := digitValue(plain[i])
		a, b = a+n/9>>1, b+n/9&1
		a, b = b, (a+b)%2
		c, d = c+n%9/3, d+n%3
		c, d = d, (c+2*d)%3
	}
	// The fifteenth power of the first matrix is one; the inverse of that of the second, negated, is (0 2, 2 1).
	c, d = 2*d%3, (2*c+d)%3
	return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[9*(a%2*2+b)+3*c+d]
}

// digitValue is the place of a letter or digit in the order of digits and letters.
func digitValue(c byte) int {
	if c <= '9' {
		return int(c - '0')
	}
	return int(c|0x20-'a') + 10
}
