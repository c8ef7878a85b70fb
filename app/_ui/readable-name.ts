/** `Clinical_Medicine` → `Clinical Medicine`, `maxNewTokens` → `Max new tokens`: a name that the page has no word for. */
export function readableName(name: string): string {
  const spaced = name
    .replaceAll('_', ' ')
    .replace(
      /([a-z0-9])([A-Z])(?=[a-z])/g,
      (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
    )
    .trim();
  return spaced === '' ? name : spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
