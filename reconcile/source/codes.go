package source

import "github.com/nexacollect/reconcile/ocpi"

// Codes of the findings of this package; ocpi/codes.md explains them.
const (
	CodeEmpty      ocpi.Code = "source-empty"       // a file without a record
	CodeFormat     ocpi.Code = "source-format"      // a file of another format
	CodeEncoding   ocpi.Code = "source-encoding"    // text that is not UTF-8
	CodeSyntax     ocpi.Code = "source-syntax"      // bytes that are no record
	CodeTruncated  ocpi.Code = "source-truncated"   // a file that ends too early
	CodeGzip       ocpi.Code = "source-gzip"        // damaged compressed data
	CodeEnvelope   ocpi.Code = "envelope-status"    // a response that reports no success
	CodeRecordSize ocpi.Code = "limit-record"       // a record above Limits.RecordBytes
	CodeDepth      ocpi.Code = "limit-depth"        // a record nested deeper than Limits.Depth
	CodeRatio      ocpi.Code = "limit-ratio"        // compressed data above Limits.Ratio
	CodeHeader     ocpi.Code = "table-header"       // a header that names a column twice or not at all
	CodeCells      ocpi.Code = "table-cells"        // a row with more or fewer cells than the header
	CodeQuotes     ocpi.Code = "table-quotes"       // a row whose quotes do not pair up
	CodeControl    ocpi.Code = "table-control-byte" // a row with a NUL byte
	CodeFloat      ocpi.Code = "table-float"        // a Parquet column of floating point numbers
	CodeColumn     ocpi.Code = "table-column"       // a Parquet column that is no plain value
)
