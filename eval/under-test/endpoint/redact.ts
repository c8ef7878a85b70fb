/** Text of an endpoint for a message: one line, of a sane length, without secrets. */
export type Quote = (text: string) => string;

const longest = 300;

/**
 * Text that came from an endpoint and may be of anything that answers there: a page of an internal host, say. Its marks
 * stand for nothing else in a message, so that it can be left out where the public reads (server/evaluation/runs/redact.ts).
 */
export const foreign = (quoted: string): string => `“${quoted.replace(/[“”]/g, '"')}”`;

/** @param secrets the key and values of headers; those of fewer than four characters hide nothing */
export function quoting(secrets: readonly string[]): Quote {
  const patterns = secrets.filter((secret) => secret.length >= 4).flatMap(patternsOf);
  return (whole) => {
    // An answer may be large, and what is searched only has to be longer than what is shown.
    let text = whole.slice(0, 100 * longest);
    // Cut only afterwards: half a key is still part of a key.
    for (const pattern of patterns) text = text.replace(pattern, '[redacted]');
    // Keys that are not ours to know, and ours where an endpoint shows them with asterisks.
    text = text.replace(/\bBearer\s+[^\s"',;]+|\b(?:sk|pk)-[\w*-]{6,}/gi, '[redacted]');
    const line = text.replace(/[\s\x00-\x1f\x7f]+/g, ' ').trim();
    return line.length > longest ? `${line.slice(0, longest)}…` : line;
  };
}

function patternsOf(secret: string): RegExp[] {
  const forms = new Set([secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]);
  return [...forms].map((form) => {
    const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    // A long key is known by its beginning, so that a cut one is found, too.
    return form.length < 16
      ? new RegExp(literal(form), 'g')
      : new RegExp(`${literal(form)}|${literal(form.slice(0, 12))}[^\\s"'<>]*`, 'g');
  });
}
