import { expect, test, type Page } from '@playwright/test';
import { Studio } from './studio';

/** Keeps every event stream that the page opens, as it opens it, where a test can look at it. */
async function watchStreams(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const streams: { url: string; source: EventSource; ids: number[] }[] = [];
    Object.assign(window, { streams });
    window.EventSource = class extends EventSource {
      constructor(url: string | URL, init?: EventSourceInit) {
        super(url, init);
        const stream = { url: String(url), source: this, ids: [] as number[] };
        streams.push(stream);
        this.addEventListener('message', (event) => stream.ids.push(Number(event.lastEventId)));
      }
    };
  });
}

interface Stream {
  /** The number after which it was told to go on; null from the beginning. */
  after: number | null;
  ids: number[];
  open: boolean;
}

const streamsOf = (page: Page) =>
  page.evaluate(() =>
    (window as unknown as { streams: { url: string; source: EventSource; ids: number[] }[] }).streams.map(
      ({ url, source, ids }): Stream => {
        const input = new URL(url, location.href).searchParams.get('input') ?? '{}';
        const after = (JSON.parse(input) as { json?: { lastEventId?: string } }).json?.lastEventId;
        return { after: after === undefined ? null : Number(after), ids, open: source.readyState === 1 };
      },
    ),
  );

const lastOf = (stream: Stream | undefined) => stream?.ids.at(-1) ?? 0;
const openCount = async (page: Page) => (await streamsOf(page)).filter(({ open }) => open).length;

/** A job that runs and has told something. */
async function startLongJob(page: Page, prompt: string) {
  await watchStreams(page);
  const studio = new Studio(page);
  await studio.open();
  await studio.makeJobsLong();
  await studio.submit(prompt);
  const card = studio.card('Generate', prompt);
  await expect(card.getByText(/step \d+ of/)).toBeVisible();
  return { studio, card };
}

/** Every event came once, in order, none left out between two streams. */
async function expectWhole(page: Page): Promise<void> {
  const streams = await streamsOf(page);
  for (const [index, stream] of streams.entries())
    if (index > 0) expect(stream.after).toBe(Math.max(...streams.slice(0, index).map(lastOf)));
  const ids = streams.flatMap((stream) => stream.ids);
  expect(ids).toEqual(Array.from(ids, (_, index) => index + 1));
}

const setVisibility = (page: Page, state: 'visible' | 'hidden') =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

test('a hidden tab lets go of its stream; seen again, it goes on after the last event', async ({ page }) => {
  const prompt = 'a photo of a cat';
  const { studio, card } = await startLongJob(page, prompt);
  await setVisibility(page, 'hidden');
  expect(await openCount(page)).toBe(0);
  await setVisibility(page, 'visible');
  await studio.expectPicture(card, prompt);
  expect((await streamsOf(page)).length).toBeGreaterThan(1);
  await expectWhole(page);
});

test('the page can enter the back/forward cache, and is up to date when it returns from it', async ({
  page,
}) => {
  const prompt = 'a photo of a dog';
  const { studio, card } = await startLongJob(page, prompt);
  const transition = (type: 'pagehide' | 'pageshow') =>
    page.evaluate((type) => {
      window.dispatchEvent(new PageTransitionEvent(type, { persisted: true }));
    }, type);
  await transition('pagehide');
  expect(await openCount(page)).toBe(0);
  await transition('pageshow');
  await studio.expectPicture(card, prompt);
  await expectWhole(page);
});

test('without a network the job goes on; with it again, nothing was lost and nothing comes twice', async ({
  page,
  context,
}) => {
  const prompt = 'a photo of a red umbrella';
  const { studio, card } = await startLongJob(page, prompt);
  await context.setOffline(true);
  // A stream that stands outlives the switch; the fresh attempt of a tab that is looked at again does not.
  await setVisibility(page, 'hidden');
  await setVisibility(page, 'visible');
  await expect(page.getByText('Connection lost. Jobs continue; reconnecting…')).toBeVisible();
  await expect.poll(() => openCount(page)).toBe(0);
  await context.setOffline(false);
  await studio.expectPicture(card, prompt);
  await expect(page.getByText(/Connection lost/)).toHaveCount(0);
  await expectWhole(page);
});

test('what another tab added and deleted is there when this one is looked at again', async ({
  page,
  context,
}) => {
  const studio = new Studio(page);
  await studio.open();
  for (const thing of ['cat', 'dog']) {
    await studio.submit(`a photo of a ${thing}`);
    await studio.expectPicture(studio.card('Generate', `a photo of a ${thing}`), `a photo of a ${thing}`);
  }
  const other = new Studio(await context.newPage());
  await other.open();
  await other.delete(other.card('Generate', 'a photo of a cat'));
  await other.submit('a photo of a bird');
  await other.expectPicture(other.card('Generate', 'a photo of a bird'), 'a photo of a bird');
  await other.page.close();

  await setVisibility(page, 'visible');
  await expect(studio.results.getByRole('article')).toHaveCount(2);
  await studio.expectPicture(studio.card('Generate', 'a photo of a bird'), 'a photo of a bird');
  await expect(studio.card('Generate', 'a photo of a cat')).toHaveCount(0);
});

test('deleting what another tab has deleted already is no error', async ({ page, context }) => {
  const prompt = 'a photo of a clock';
  const studio = new Studio(page);
  await studio.open();
  await studio.submit(prompt);
  await studio.expectPicture(studio.card('Generate', prompt), prompt);
  const other = new Studio(await context.newPage());
  await other.open();
  await other.delete(other.card('Generate', prompt));
  await studio.delete(studio.card('Generate', prompt));
  await expect(page.getByRole('heading', { name: /Create an image/ })).toBeVisible();
});
