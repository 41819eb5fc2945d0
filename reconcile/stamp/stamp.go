// Package stamp asks for time stamps and checks them (RFC 3161): a third party's word that bytes were there at a time. It reads and writes no
// file and opens no connection: the request goes out and the response comes in however its owner carries them.
package stamp

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/notaryproject/tspclient-go"
)

// Stamp is what a response that holds says.
type Stamp struct {
	Time      time.Time // UTC
	Accuracy  time.Duration
	Authority string // the subject of the certificate that signed
	Anchor    string // the SHA-256 of the certificate at which trust began, in hexadecimal digits
}

// MaxResponse bounds the bytes of a response, and of a file of certificates.
const MaxResponse = 1 << 20

var sha256OID = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}

// Request is a request for a stamp over the SHA-256 of data (TimeStampReq, RFC 3161, 2.4.1). It wants the authority's certificate and has no
// nonce: the same data give the same request, and an old response to it says no less.
func Request(data []byte) ([]byte, error) {
	sum := sha256.Sum256(data)
	return (&tspclient.Request{
		Version: 1, CertReq: true, MessageImprint: tspclient.MessageImprint{
			HashAlgorithm: pkix.AlgorithmIdentifier{Algorithm: sha256OID, Parameters: asn1.NullRawValue}, HashedMessage: sum[:],
		},
	}).MarshalBinary()
}

// ParseCertificates reads certificates in PEM, at least one.
func ParseCertificates(text []byte) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for rest := text; ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			break
		}
		if b.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("a PEM block %q: want CERTIFICATE", b.Type)
		}
		c, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d: %w", len(out)+1, err)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, errors.New("no certificate in PEM")
	}
	return out, nil
}

// Check says whether a response (TimeStampResp, RFC 3161, 2.4.2) is a stamp over data by an authority that anchors lead to: each anchor is
// trusted itself. Certificates count as of the time of the stamp.
func Check(ctx context.Context, response, data []byte, anchors []*x509.Certificate) (*Stamp, error) {
	token, err := tokenOf(response)
	if err != nil {
		return nil, err
	}
	info, err := token.Info()
	if err != nil {
		return nil, fmt.Errorf("read the time stamp: %w", err)
	}
	when, err := info.Validate(data)
	if err != nil {
		return nil, fmt.Errorf("the time stamp is not over these bytes: %w", err)
	}
	if when.Value.IsZero() {
		return nil, errors.New("the time stamp states no time")
	}
	roots := x509.NewCertPool()
	for _, c := range anchors {
		roots.AddCert(c)
	}
	chain, err := token.Verify(ctx, x509.VerifyOptions{Roots: roots, CurrentTime: when.Value})
	if err != nil {
		return nil, fmt.Errorf("the time stamp is not by an authority that the certificates lead to: %w", err)
	}
	sum := sha256.Sum256(chain[len(chain)-1].Raw)
	return &Stamp{
		Time: when.Value.UTC(), Accuracy: when.Accuracy, Authority: chain[0].Subject.String(), Anchor: hex.EncodeToString(sum[:]),
	}, nil
}

func tokenOf(response []byte) (*tspclient.SignedToken, error) {
	if len(response) > MaxResponse {
		return nil, fmt.Errorf("the response is larger than %d MiB", MaxResponse>>20)
	}
	var whole asn1.RawValue
	if rest, err := asn1.Unmarshal(response, &whole); err != nil || len(rest) > 0 {
		return nil, errors.New("no response of a time stamp authority (RFC 3161): not one DER value")
	}
	var r tspclient.Response
	if err := r.UnmarshalBinary(response); err != nil {
		return nil, fmt.Errorf("no response of a time stamp authority (RFC 3161): %w", err)
	}
	token, err := r.SignedToken()
	if err != nil {
		return nil, fmt.Errorf("the response grants no time stamp: %w", err)
	}
	return token, nil
}
