import { stringify } from 'csv-stringify/sync';

/** What can stand in a cell; a date becomes UTC in ISO 8601, null an empty cell. */
export type CsvCell = string | number | boolean | Date | null | undefined;

/**
 * A text that no spreadsheet takes for a formula: one that starts with `=`, `+`, `-`, `@`, a tab or a carriage return
 * (or a full-width form of the signs) gets an apostrophe before it. Source: OWASP, "CSV Injection".
 */
export const escapeFormulas = (text: string): string =>
  /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;

/**
 * One line of a CSV file (RFC 4180, ended by CRLF), quoted where it must be. Texts are made harmless to spreadsheets;
 * figures, which cannot be formulas, stay as they are: −1 is `-1`.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  const texts = cells.map((cell) => {
    if (cell === null || cell === undefined) return '';
    if (cell instanceof Date) return cell.toISOString();
    return typeof cell === 'string' ? escapeFormulas(cell) : String(cell);
  });
  return stringify([texts], { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}
