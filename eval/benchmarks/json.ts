export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value, or why the text is not JSON. A byte order mark is passed over. */
export function tryParse(text: string): { value?: unknown; error?: string } {
  try {
    return { value: JSON.parse(text.replace(/^\ufeff/, '')) as unknown };
  } catch (error) {
    return { error: (error as Error).message.replace(/\s+/g, ' ') };
  }
}
