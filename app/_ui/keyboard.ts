const typingInputs =
  /^(?:text|search|url|tel|email|password|number|date|time|datetime-local|month|week|range)$/;

/** Whether an element takes keys for itself: there a letter is a letter. */
export function takesKeys(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element instanceof HTMLInputElement) return typingInputs.test(element.type);
  return (
    element.isContentEditable ||
    element.matches('textarea, select, [role="combobox"], [role="listbox"], [role="option"], [role="slider"]')
  );
}

/** Whether something lies over the page and has the keys while it does. */
export const isOverlayOpen = () =>
  document.querySelector(
    '[role="dialog"][data-state="open"], [role="menu"], [role="listbox"], dialog[open], :popover-open',
  ) !== null;
