/** `a == b` of two JSON values in Python: a bool is the number 1 or 0, and NaN equals nothing. */
export function pythonEqual(a: unknown, b: unknown): boolean {
  const [x, y] = [numberOf(a), numberOf(b)];
  // Two equals signs: 1n and 1 are one number.
  if (x !== null && y !== null) return x == y;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, i) => pythonEqual(one, b[i]));
  if (isDict(a) && isDict(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && pythonEqual(a[key], b[key]))
    );
  }
  return a === b;
}

const numberOf = (value: unknown): number | bigint | null =>
  typeof value === 'boolean'
    ? Number(value)
    : typeof value === 'number' || typeof value === 'bigint'
      ? value
      : null;

const isDict = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
