/**
 * What the public is not told: addresses, paths of files on the machines that measure, and what an endpoint's body says
 * that is no answer, since anything may stand at an address that a team configures.
 */

/** Marked so by `foreign` (eval/under-test/endpoint/redact.ts). */
const foreign = /“[^”]*”/g;
/** As it stood in messages before it was marked. */
const unmarked =
  /\b((?:The endpoint answered (?:\d{3}|with an error|with text instead of [^:]+)|The answer is not JSON, or is cut off):) [^“].*$/gs;

const address = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)\]]+/gi;
/** Two steps or more, so that `and/or` and fractions stay. */
const unixPath = /(?<![\w.])~?(?:\/[\w.@+-]+){2,}\/?/g;
const windowsPath = /\b[a-z]:\\[^\s"'<>|]+/gi;
const hostAndPort = /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b|\b(?:[\w-]+\.)*[\w-]+:\d{2,5}\b/g;

/** A message as the public reads it. */
export const publicText = (text: string): string =>
  [foreign, address, windowsPath, unixPath, hostAndPort].reduce(
    (one, pattern) => one.replace(pattern, '…'),
    text.replace(unmarked, '$1 …'),
  );

/** The same for SQL: a text of which the public reads everything. */
export const publicSql = (column: string): string =>
  `${column} !~ '“|The endpoint answered ([0-9]{3}|with [^:]+): |is cut off: |://|[A-Za-z]:\\\\|/[A-Za-z0-9_.@+-]+/|[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+|[A-Za-z0-9_-]:[0-9]{2,5}'`;
