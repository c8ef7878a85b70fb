/** JSON text as Python's `json.dumps` writes it, so that files equal the official scripts' byte for byte. */

/** A number that Python holds as a float: `12.0`, not `12`. */
export class PythonFloat {
  constructor(readonly value: number) {}
}

export type PythonJson =
  | string
  | number
  | bigint
  | boolean
  | null
  | PythonFloat
  | readonly PythonJson[]
  | { readonly [key: string]: PythonJson | undefined };

/** `json.dumps(value)` with its default settings: `", "` and `": "` between parts, ASCII only. */
export function pythonJson(value: PythonJson | undefined): string {
  if (value instanceof PythonFloat) return floatText(value.value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return floatText(value);
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([key, part]) => `${asciiJson(key)}: ${pythonJson(part)}`)
      .join(', ')}}`;
  return asciiJson(value ?? null);
}

/** JSON with every character above ASCII escaped. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `repr(float)`: the shortest digits that read back the same, with Python's choice of notation. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value !== 0 && (power < -4 || power >= 16))
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  // In this range JavaScript writes no exponent either.
  const plain = Object.is(value, -0) ? '-0' : String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}
