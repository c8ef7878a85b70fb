/**
 * Keeps what a person does before the page listens, and does it again as soon as it does: on a slow connection the page
 * is there many seconds before its script.
 *
 * The script stands in the head, so it must not need anything beside itself. Kept are presses of buttons, Enter where it
 * sends (`enterkeyhint="send"`), a shortcut, forms that are sent, files
 * that are dropped or pasted, and what is typed or chosen. Links and what has a `popovertarget`
 * work without a script and are left alone. Pressed twice before the page listens means pressed once.
 *
 * Whether the page listens at a certain element, React itself is asked: `PageBody` answers an event that it gets through
 * React's own delegation, which is silent where the page is not taken over yet. Parts of one page are taken over at
 * different times.
 */
export function keepEarly(): void {
  type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
  interface Kept {
    at: HTMLElement;
    again: (at: HTMLElement) => void;
    /** What shows that it is kept. */
    shown: Element | null;
    since: number;
  }
  const root = document.documentElement;
  /** In the order in which they were done; one for each form, button or field. */
  const kept = new Map<Element, Kept>();
  const awake = new WeakSet<Element>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let composing: EventTarget | null = null;

  const listens = (element: Element) => {
    if (awake.has(element)) return true;
    const question = new Event('gotpointercapture', { bubbles: true, cancelable: true });
    if (element.dispatchEvent(question)) return false;
    awake.add(element);
    return true;
  };

  /** The element itself, or what took its place. */
  const present = (element: HTMLElement): HTMLElement | null => {
    if (element.isConnected) return element;
    if (element.id) return document.getElementById(element.id);
    const name = (one: Element) =>
      `${one.getAttribute('name')} ${one.getAttribute('aria-label')} ${one.textContent}`;
    const alike = [...document.querySelectorAll<HTMLElement>(element.tagName)];
    return alike.find((one) => name(one) === name(element)) ?? null;
  };

  const next = () => {
    timer = undefined;
    const first = kept.entries().next().value;
    if (!first) {
      delete root.dataset.kept;
      return;
    }
    const [key, { at, again, shown, since }] = first;
    const now = present(at);
    const lost = !now && listens(document.body) && Date.now() - since > 10_000;
    if (lost || (now && now !== composing && listens(now))) {
      kept.delete(key);
      shown?.removeAttribute('aria-busy');
      if (now) again(now);
      // What it changed is drawn before the next.
      timer = setTimeout(next, 0);
    } else {
      timer = setTimeout(next, 30);
    }
  };

  const keep = (key: Element, at: HTMLElement, again: Kept['again'], shown: Element | null) => {
    if (!kept.has(key)) kept.set(key, { at, again, shown, since: Date.now() });
    if (shown) {
      shown.setAttribute('aria-busy', 'true');
      root.dataset.kept = '';
    }
    timer ??= setTimeout(next, 30);
  };

  const stop = (event: Event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  /** As a mouse does it: menus open when it goes down. */
  const press = (at: HTMLElement) => {
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup']) {
      const Kind = type.startsWith('pointer') ? PointerEvent : MouseEvent;
      at.dispatchEvent(
        new Kind(type, {
          bubbles: true,
          cancelable: true,
          composed: true,
          pointerType: 'mouse',
          isPrimary: true,
        }),
      );
    }
    at.click();
  };

  const refill = (value: string | boolean) => (at: HTMLElement) => {
    const field = at as Field;
    if (typeof value === 'boolean') {
      const box = field as HTMLInputElement;
      // React compares with what it saw last, which is what was chosen early.
      box.checked = !value;
      box.click();
    } else if (field instanceof HTMLSelectElement || field.type === 'file') {
      if (field.type !== 'file') field.value = value;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    } else {
      const caret = [field.selectionStart, field.selectionEnd] as const;
      const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
      field.value = '';
      Object.getOwnPropertyDescriptor(kind.prototype, 'value')?.set?.call(field, value);
      if (caret[0] !== null && field === document.activeElement) field.setSelectionRange(...caret);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  };

  const options = { capture: true };
  addEventListener(
    'click',
    (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const button = target?.closest<HTMLElement>(
        'button, [role="button"], [role="tab"], input[type="submit"], input[type="button"]',
      );
      if (!button || button.hasAttribute('popovertarget') || listens(button)) return;
      stop(event);
      const { form, type } = button as HTMLButtonElement;
      keep(form && type === 'submit' ? form : button, button, press, button);
    },
    options,
  );
  addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      if (listens(form)) return;
      stop(event);
      const send = (now: HTMLElement) => (now as HTMLFormElement).requestSubmit();
      keep(form, form, send, form.querySelector('[type="submit"]'));
    },
    options,
  );
  addEventListener(
    'keydown',
    (event) => {
      const at = event.target as HTMLTextAreaElement;
      const { key, code, shiftKey } = event;
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!(at instanceof HTMLElement)) return;
      const again = (now: HTMLElement) =>
        now.dispatchEvent(
          new KeyboardEvent('keydown', { key, code, shiftKey, bubbles: true, cancelable: true }),
        );
      if (key === 'Enter' && !shiftKey && at.getAttribute('enterkeyhint') === 'send') {
        if (listens(at)) return;
        stop(event);
        keep(at.form ?? at, at, again, at.form?.querySelector('[type="submit"]') ?? at);
      } else if (
        key.length === 1 &&
        key !== ' ' &&
        !at.matches('input, textarea, select, [contenteditable]')
      ) {
        // A shortcut of the page.
        const heard = document.querySelector<HTMLElement>('main') ?? document.body;
        if (listens(heard)) return;
        stop(event);
        keep(heard, heard, () => again(at.isConnected ? at : heard), null);
      }
    },
    options,
  );
  /** The browser itself would leave the page for a file that is dropped on it. */
  const onFiles = (event: DragEvent | ClipboardEvent) => {
    const from = event instanceof DragEvent ? event.dataTransfer : event.clipboardData;
    const heard = document.querySelector<HTMLElement>('main') ?? document.body;
    if (!from?.types.includes('Files') || listens(heard)) return;
    if (event.type === 'dragover') return event.preventDefault();
    stop(event);
    const data = new DataTransfer();
    for (const file of from.files) data.items.add(file);
    const start = { bubbles: true, cancelable: true };
    const at = event.target as HTMLElement;
    const again = () =>
      (at.isConnected ? at : heard).dispatchEvent(
        event.type === 'drop'
          ? new DragEvent('drop', { ...start, dataTransfer: data })
          : new ClipboardEvent('paste', { ...start, clipboardData: data }),
      );
    keep(document.body, heard, again, document.body);
  };
  for (const type of ['dragover', 'drop', 'paste'] as const) addEventListener(type, onFiles, options);
  const onInput = (event: Event) => {
    const field = event.target as Field;
    if (!(field instanceof HTMLElement) || !('value' in field)) return;
    const box = field.type === 'checkbox' || field.type === 'radio';
    // Of a row of choices only the last counts.
    const key = (field.type === 'radio' && field.closest('fieldset')) || field;
    if (!kept.has(key) && listens(field)) return;
    const since = kept.get(key)?.since ?? Date.now();
    const again = refill(box ? (field as HTMLInputElement).checked : field.value);
    kept.set(key, { at: field, again, shown: null, since });
    timer ??= setTimeout(next, 30);
  };
  addEventListener('input', onInput, options);
  addEventListener('change', onInput, options);
  addEventListener('compositionstart', (event) => (composing = event.target), options);
  addEventListener('compositionend', () => (composing = null), options);
}

/** Stands in the head of every page. */
export const earlyScript = `(${keepEarly.toString()})()`;
