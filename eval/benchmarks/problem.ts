/** Why something that was to be scored counts for nothing. */
export interface Problem {
  /** The file, folder, line or item, e.g. `line 7`. */
  where: string;
  reason: string;
}

const longest = 80;

/** A value of a file as a reason shows it: JSON, cut where it is long. */
export function show(value: unknown): string {
  const text =
    typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))
      ? String(value)
      : (JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)) ??
        'nothing');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
