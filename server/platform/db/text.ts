/** What PostgreSQL can keep of a text: NUL and halves of surrogate pairs become U+FFFD. */
export const storableText = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();

/** JSON for a jsonb column: the same of every text in it. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) => (typeof one === 'string' ? storableText(one) : one));
