// Package xlsx writes workbooks: typed cells, a frozen heading, widths, filters and lists to choose from, no formulas (ECMA-376, Part 1, 18).
//
// Rows are written as they come, so that a workbook of any length takes little memory. The same cells give the same bytes.
//
// # Words
//
//   - Part: a file inside the workbook, which is a ZIP archive.
//   - Serial: a date as a number, days since 1899-12-30.
package xlsx
