package source

import "github.com/nexacollect/reconcile/ocpi"

// Codes of the findings of this package; ocpi/codes.md explains them.
const (
	CodeEInvoiceCharge   ocpi.Code = "einvoice-charge"   // an amount of an electronic invoice that is in no line
	CodeEInvoiceCredit   ocpi.Code = "einvoice-credit"   // a credit note
	CodeEInvoiceID       ocpi.Code = "einvoice-id"       // lines that only a number of the item identifies
	CodeEInvoiceLines    ocpi.Code = "einvoice-lines"    // lines that are left out, or none at all
	CodeEInvoicePDF      ocpi.Code = "einvoice-pdf"      // an electronic invoice inside a PDF
	CodeEInvoiceProperty ocpi.Code = "einvoice-property" // properties of items that are not used
	CodeEInvoiceTotal    ocpi.Code = "einvoice-total"    // what an electronic invoice states in sum

	CodeEmpty      ocpi.Code = "source-empty"       // a file without a record
	CodeFormat     ocpi.Code = "source-format"      // a file of another format
	CodeEncoding   ocpi.Code = "source-encoding"    // text that is not UTF-8
	CodeSyntax     ocpi.Code = "source-syntax"      // bytes that are no record
	CodeTruncated  ocpi.Code = "source-truncated"   // a file that ends too early
	CodeGzip       ocpi.Code = "source-gzip"        // damaged compressed data
	CodeZstd       ocpi.Code = "source-zstd"        // damaged compressed data
	CodeEnvelope   ocpi.Code = "envelope-status"    // a response that reports no success
	CodeRecordSize ocpi.Code = "limit-record"       // a record above Limits.RecordBytes
	CodeDepth      ocpi.Code = "limit-depth"        // a record nested deeper than Limits.Depth
	CodeRatio      ocpi.Code = "limit-ratio"        // compressed data above Limits.Ratio
	CodeWindow     ocpi.Code = "limit-window"       // compressed data that refers too far back
	CodeHeader     ocpi.Code = "table-header"       // a header that names a column twice or not at all
	CodeCells      ocpi.Code = "table-cells"        // a row with more or fewer cells than the header
	CodeQuotes     ocpi.Code = "table-quotes"       // a row whose quotes do not pair up
	CodeControl    ocpi.Code = "table-control-byte" // a row with a NUL byte
	CodeDigits     ocpi.Code = "table-digits"       // a number of a spreadsheet with more digits than it keeps
	CodeFloat      ocpi.Code = "table-float"        // a Parquet column of floating point numbers
	CodeLocalTime  ocpi.Code = "table-local-time"   // a Parquet column of times without a zone
	CodeColumn     ocpi.Code = "table-column"       // a Parquet column that is no plain value
	CodeSheet      ocpi.Code = "table-sheet"        // sheets of a workbook that are not read
	CodeValue      ocpi.Code = "table-value"        // cells of a spreadsheet that hold no value
)
