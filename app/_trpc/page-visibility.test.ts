import { expect, test } from 'vitest';
import { onPageVisibility } from './page-visibility';

function page() {
  const document = Object.assign(new EventTarget(), {
    visibilityState: 'visible' as DocumentVisibilityState,
  });
  const window = new EventTarget();
  const heard: string[] = [];
  const stop = onPageVisibility(
    { resume: () => heard.push('resume'), pause: () => heard.push('pause') },
    { window, document },
  );
  const see = (state: DocumentVisibilityState) => {
    document.visibilityState = state;
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const show = (persisted: boolean) =>
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));
  return { window, heard, stop, see, show };
}

test('a tab that is hidden pauses, and resumes when it is seen again', () => {
  const { heard, see } = page();
  see('hidden');
  see('visible');
  expect(heard).toEqual(['pause', 'resume']);
});

test('a page that is left pauses; only a return from the cache resumes it, not the first show', () => {
  const { heard, window, show } = page();
  show(false);
  window.dispatchEvent(new Event('pagehide'));
  show(true);
  expect(heard).toEqual(['pause', 'resume']);
});

test('the network’s return resumes a page that is seen, and no other', () => {
  const { heard, window, see } = page();
  window.dispatchEvent(new Event('online'));
  see('hidden');
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual(['resume', 'pause']);
});

test('after stopping nothing is heard', () => {
  const { heard, stop, see, window } = page();
  stop();
  see('hidden');
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual([]);
});
