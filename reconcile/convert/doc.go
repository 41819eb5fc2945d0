// Package convert writes records as NDJSON or as Parquet, without loss either way.
//
// # Parquet
//
// A row is a record, in the order of the input. Its last column, ocpi_record, holds the bytes of the record as they were received: every
// member, known or not, every digit of a number, escapes and spaces inside. It alone is read back, so nothing is lost whatever the other columns can
// hold; a program that reads Parquet by column reads nothing else. The columns before it are for queries: what the decoder understood of
// a CDR or a session, whatever its version, under the names of 2.2.1. They are null where the record does not say so, where it is no
// such object, and of numbers that DECIMAL(38,12) cannot hold exactly.
//
// # NDJSON
//
// A record is a line, with the bytes as received. One that spans lines is put on one: white space outside of strings is left out, all
// else stays.
package convert
