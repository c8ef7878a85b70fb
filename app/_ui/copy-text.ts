/**
 * Puts a text on the clipboard.
 * @returns false where the browser refuses
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Absent on pages that came by plain HTTP from another machine.
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused by a permission: the older way below may still be allowed.
  }
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
