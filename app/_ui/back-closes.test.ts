import { beforeEach, expect, test, vi } from 'vitest';

/** The part of a browser's history that matters here: entries, and a way between them that takes a moment. */
class FakeHistory {
  entries: { state: unknown; url: string }[] = [{ state: { __NA: true }, url: '/before' }];
  at = 0;
  get state() {
    return this.entries[this.at]!.state;
  }
  get length() {
    return this.entries.length;
  }
  pushState(state: unknown, _unused: string, url?: string) {
    const entry = { state, url: url ?? this.entries[this.at]!.url };
    this.entries = [...this.entries.slice(0, this.at + 1), entry];
    this.at += 1;
  }
  replaceState(state: unknown, _unused: string, url?: string) {
    this.entries[this.at] = { state, url: url ?? this.entries[this.at]!.url };
  }
  go(by: number) {
    setTimeout(() => {
      if (!this.entries[this.at + by]) return;
      this.at += by;
      let stopped = false;
      const event = { state: this.state, stopImmediatePropagation: () => (stopped = true) };
      for (const listener of popListeners) if (!stopped) listener(event);
    }, 1);
  }
}

let leavePage: () => void;
let popListeners: ((event: unknown) => void)[];
let history: FakeHistory;
let layOver: (close: () => void) => () => void;
/** What the router hears of. */
let heard: string[];

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const back = () => (history.go(-1), settled());
const where = () => `${history.entries[history.at]!.url} ${history.at}`;

beforeEach(async () => {
  popListeners = [];
  heard = [];
  history = new FakeHistory();
  history.pushState({ __NA: true }, '', '/page');
  vi.stubGlobal('History', FakeHistory);
  vi.stubGlobal('history', history);
  vi.stubGlobal('location', {
    get href() {
      return history.entries[history.at]!.url;
    },
  });
  vi.stubGlobal('window', {
    addEventListener: (type: string, listener: (event?: unknown) => void) => {
      if (type === 'popstate') popListeners.push(listener);
      if (type === 'beforeunload') leavePage = listener;
    },
  });
  vi.resetModules();
  ({ layOver } = await import('./back-closes'));
  return () => vi.unstubAllGlobals();
});

const router = () => popListeners.push(() => heard.push(where()));

test('Back closes the topmost alone, then the next, then leaves', async () => {
  const closed: string[] = [];
  layOver(() => closed.push('lower'));
  router();
  await settled();
  layOver(() => closed.push('upper'));
  await settled();
  expect(where()).toBe('/page 3');
  await back();
  expect([closed, where()]).toEqual([['upper'], '/page 2']);
  await back();
  expect([closed, where()]).toEqual([['upper', 'lower'], '/page 1']);
  expect(heard).toEqual([]);
  await back();
  expect(where()).toBe('/before 0');
  expect(heard).toEqual(['/before 0']);
});

test('what is closed otherwise takes its entry along, and what opens as it closes takes it over', async () => {
  const first = layOver(() => undefined);
  await settled();
  first();
  const second = layOver(() => undefined);
  await settled();
  expect(where()).toBe('/page 2');
  second();
  await settled();
  expect(where()).toBe('/page 1');
});

test('Forward to the entry of something that is closed leads nowhere', async () => {
  layOver(() => undefined);
  await settled();
  await back();
  history.go(1);
  await settled();
  expect(where()).toBe('/page 1');
});

test('the address changed under an overlay stays as it is after Back', async () => {
  layOver(() => history.replaceState({ __NA: true }, '', '/page?left=1'));
  await settled();
  history.replaceState({ __NA: true }, '', '/page?item=7&tab=2');
  let before = '';
  popListeners.push(() => (before = where()));
  await back();
  expect([before, where()]).toEqual(['', '/page?left=1 1']);
});

test('a new page takes the place of the overlay that it was opened from', async () => {
  const leave = layOver(() => undefined);
  await settled();
  history.pushState({ __NA: true }, '', '/next');
  leave();
  await settled();
  expect(where()).toBe('/next 2');
  await back();
  expect(where()).toBe('/page 1');
});

test('a page that is opened while an entry is being taken away comes after it', async () => {
  const leave = layOver(() => undefined);
  await settled();
  leave();
  await new Promise((resolve) => setTimeout(resolve, 0));
  history.pushState({ __NA: true }, '', '/next');
  await settled();
  expect(where()).toBe('/next 2');
  await back();
  expect(where()).toBe('/page 1');
});

test('a download or a link out of a menu is not stopped, and its entry is passed over later', async () => {
  const close = layOver(() => undefined);
  await settled();
  leavePage();
  close();
  await settled();
  expect(where()).toBe('/page 2');
  await back();
  expect(where()).toBe('/before 0');
});
