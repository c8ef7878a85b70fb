import { expect, test } from 'vitest';
import { listenToPage } from './page-visibility';

function page() {
  const document = Object.assign(new EventTarget(), {
    visibilityState: 'visible' as DocumentVisibilityState,
  });
  const window = new EventTarget();
  const heard: string[] = [];
  const stop = listenToPage(
    { wake: () => heard.push('wake'), sleep: () => heard.push('sleep') },
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

test('a tab that is hidden sleeps, and wakes when it is seen again', () => {
  const { heard, see } = page();
  see('hidden');
  see('visible');
  expect(heard).toEqual(['sleep', 'wake']);
});

test('a page that is left sleeps; only a return from the cache wakes it, not the first show', () => {
  const { heard, window, show } = page();
  show(false);
  window.dispatchEvent(new Event('pagehide'));
  show(true);
  expect(heard).toEqual(['sleep', 'wake']);
});

test('the network’s return wakes a page that is seen, and no other', () => {
  const { heard, window, see } = page();
  window.dispatchEvent(new Event('online'));
  see('hidden');
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual(['wake', 'sleep']);
});

test('after stopping nothing is heard', () => {
  const { heard, stop, see, window } = page();
  stop();
  see('hidden');
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual([]);
});
