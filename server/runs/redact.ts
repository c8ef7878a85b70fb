/** What the public is not told: addresses, and paths of files on the machines that measure. */

const address = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)\]]+/gi;
/** Two steps or more, so that `and/or` and fractions stay. */
const unixPath = /(?<![\w.])~?(?:\/[\w.@+-]+){2,}\/?/g;
const windowsPath = /\b[a-z]:\\[^\s"'<>|]+/gi;
const hostAndPort = /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b|\b(?:[\w-]+\.)*[\w-]+:\d{2,5}\b/g;

/** A message as the public reads it. */
export const publicText = (text: string): string =>
  [address, windowsPath, unixPath, hostAndPort].reduce((one, pattern) => one.replace(pattern, '…'), text);

/** The same for SQL: a text of which the public reads everything. */
export const publicSql = (column: string): string =>
  `${column} !~ '://|[A-Za-z]:\\\\|/[A-Za-z0-9_.@+-]+/|[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+|[A-Za-z0-9_-]:[0-9]{2,5}'`;
