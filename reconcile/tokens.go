package reconcile

import (
	"strings"
	"time"

	"github.com/nexacollect/reconcile/ocpi"
)

// Tokens are the tokens that the provider has supplied: who may charge.
type Tokens struct{ byID map[string][]*ocpi.Token }

// Add adds a token, without its record: of a million of them memory holds what is compared.
func (t *Tokens) Add(token *ocpi.Token) {
	if t.byID == nil {
		t.byID = map[string][]*ocpi.Token{}
	}
	kept := &ocpi.Token{
		CountryCode: strings.Clone(token.CountryCode), PartyID: strings.Clone(token.PartyID), ContractID: strings.Clone(token.ContractID),
		Valid: token.Valid, LastUpdated: token.LastUpdated,
	}
	for _, id := range tokenIDs(token.UID, token.AuthID) {
		t.byID[id] = append(t.byID[id], kept)
	}
}

// tokenIDs are the keys of a token: its uid; in CDRs of 2.1.1 only its auth_id stands.
func tokenIDs(uid, authID string) []string {
	var out []string
	for _, id := range [...]struct{ kind, id string }{{"u", uid}, {"a", authID}} {
		if named(id.id) {
			out = append(out, id.kind+foldID(id.id))
		}
	}
	return out
}

// find is the newest version of the token of a CDR, whatever the order in which they were added; nil where none was supplied.
func (t *Tokens) find(c *ocpi.CDRToken) *ocpi.Token {
	for _, id := range tokenIDs(c.UID, c.AuthID) {
		var newest *ocpi.Token
		for _, token := range t.byID[id] {
			if partly(token.CountryCode, token.PartyID, c.CountryCode, c.PartyID) && (newest == nil || newer(token, newest)) {
				newest = token
			}
		}
		if newest != nil {
			return newest
		}
	}
	return nil
}

// newer reports that a token came after another; of two of the same time the one that forbids counts, whichever came first.
func newer(a, b *ocpi.Token) bool {
	if d := a.LastUpdated.Compare(b.LastUpdated); d != 0 {
		return d > 0
	}
	return a.Valid == ocpi.False && b.Valid != ocpi.False
}

// checkToken reports a token that the provider does not have or has blocked (mod_tokens, Token.valid), or whose contract is another. A
// token list tells how things stand at its last_updated: of one that was blocked after the session began it does not say since when.
func (b *bench) checkToken(c *cdrEntry) {
	sent := &c.cdr.Token
	if b.terms.Tokens == nil || len(tokenIDs(sent.UID, sent.AuthID)) == 0 {
		return
	}
	token := b.terms.Tokens.find(sent)
	switch {
	case token == nil:
		c.find("/cdr_token", codeUnknownToken, ocpi.SeverityError, "token %s is none of those supplied", tokenName(sent))
	case token.Valid == ocpi.False && !token.LastUpdated.After(c.cdr.StartDateTime):
		c.find("/cdr_token", codeNotAuthorised, ocpi.SeverityError, "token %s was not valid any more from %s on, the session began %s",
			tokenName(sent), token.LastUpdated.Format(time.RFC3339), c.cdr.StartDateTime.Format(time.RFC3339))
	case token.Valid == ocpi.False:
		c.find("/cdr_token", codeNotAuthorised, ocpi.SeverityWarn, "token %s is not valid; since when before %s is not known",
			tokenName(sent), token.LastUpdated.Format(time.RFC3339))
	case named(token.ContractID) && named(sent.ContractID) && contractKey(plainID(token.ContractID)) != contractKey(plainID(sent.ContractID)):
		c.find("/cdr_token/contract_id", codeNotAuthorised, ocpi.SeverityError, "contract %s, token %s is of contract %s",
			sent.ContractID, tokenName(sent), token.ContractID)
	}
}

func tokenName(t *ocpi.CDRToken) string {
	if named(t.UID) {
		return t.UID
	}
	return t.AuthID
}
