import type { Page } from '@playwright/test';

/** Milliseconds after the click. */
export interface Moments {
  /** The first preview, or the first piece of an answer, is in the page. */
  first: number | null;
  /** The final picture is decoded and in the page, or the answer is complete. */
  last: number;
}

/**
 * Fills the form, clicks, and watches the page from inside, so that no polling rounds the figures.
 * Pictures count when they are decoded, not when their element appears.
 */
export async function request(
  page: Page,
  task: 'Generate' | 'Edit' | 'Ask',
  prompt: string,
): Promise<Moments> {
  await page.getByRole('form', { name: 'New request' }).getByRole('textbox').fill(prompt);
  return page.evaluate(
    async ({ task, prompt }) => {
      const before = new Set(document.querySelectorAll('article'));
      const button = [...document.querySelectorAll('form button')].find(
        (b) => b.textContent?.trim() === task,
      );
      if (!(button instanceof HTMLButtonElement)) throw new Error(`no button ${task}`);
      const start = performance.now();
      let first: number | null = null;
      button.click();
      return new Promise<{ first: number | null; last: number }>((resolve, reject) => {
        const seen = new WeakSet<Element>();
        let final = false;
        const look = () => {
          const card = [...document.querySelectorAll('article')].find((a) => !before.has(a));
          if (!card) return;
          const state = card.querySelector('[role=status]')?.textContent?.trim();
          if (state === 'Failed') reject(new Error(card.textContent ?? 'failed'));
          if (task === 'Ask') {
            const answer = card.querySelector('[role=group][aria-label=Answer]')?.textContent?.trim();
            if (answer && first === null) first = performance.now() - start;
            if (state === 'Done') end();
            return;
          }
          for (const image of card.querySelectorAll('img')) {
            const done = image.alt === prompt && state === 'Done';
            if (seen.has(image) && !done) continue;
            seen.add(image);
            if (done && final) continue;
            if (done) final = true;
            void image.decode().then(
              () => {
                first ??= performance.now() - start;
                if (done) end();
              },
              () => undefined,
            );
          }
        };
        const observer = new MutationObserver(look);
        const end = () => {
          observer.disconnect();
          resolve({ first, last: performance.now() - start });
        };
        observer.observe(document.body, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true,
        });
        look();
      });
    },
    { task, prompt },
  );
}
