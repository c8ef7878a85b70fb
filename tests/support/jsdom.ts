import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Long enough for a machine that is busy with something else: what does not come is found all the same.
configure({ asyncUtilTimeout: 30_000 });
afterEach(cleanup);

/** What the pages use of a browser and jsdom has not. Nothing is laid out: boxes have no size, and any window is wide. */
class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
Object.assign(globalThis, {
  ResizeObserver: NoObserver,
  IntersectionObserver: NoObserver,
  matchMedia: (media: string) => ({
    ...{ media, matches: true },
    ...{ addEventListener: () => undefined, removeEventListener: () => undefined },
  }),
});
Object.assign(Element.prototype, {
  scrollIntoView: () => undefined,
  hasPointerCapture: () => false,
  setPointerCapture: () => undefined,
  releasePointerCapture: () => undefined,
});
