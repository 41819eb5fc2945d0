// Package pdf writes documents of text and tables as PDF (ISO 32000-1): pages that fill as they come, embedded fonts, a structure for screen
// readers, a title and a language. The same document gives the same content; how its streams are compressed may differ.
//
// Text is Latin, Greek and Cyrillic, from left to right. A character that the fonts lack is a box that copies as what it stands for.
//
// # Words
//
//   - Element: a node of the structure: a heading, a paragraph, a table, a cell (14.7.2).
//   - Mark: a stretch of a page that belongs to an element (14.7.4). What belongs to none, as rules and page numbers, is an artifact (14.8.2.2).
//   - Length: hundredths of a point, of which an inch has 72.
package pdf
