/** The dataset's own way to write several texts, `['24/7', '3.429']`, of texts without quotation marks. */
export const pythonList = (texts: readonly string[]): string =>
  `[${texts.map((text) => `'${text}'`).join(', ')}]`;
