import { readFile } from 'node:fs/promises';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectAccessibleInBothThemes as expectAccessible } from './accessible';
import { signIn, withDatabase } from './sign-in';

/** A model's evaluators are loaded with the first run. */
const longRun = 120_000;

interface Wish {
  limit: number;
  repeats?: number;
  seed?: number;
  cache?: boolean;
}

/** Starts a GenEval run of the shipped model from the page, as a reviewer does. @returns its id */
async function startRun(page: Page, { limit, repeats = 1, seed, cache = true }: Wish): Promise<string> {
  await page.goto('/runs');
  await page.getByRole('button', { name: 'Start a run' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Start a run' });
  await dialog.getByRole('combobox', { name: 'Benchmark' }).click();
  await page.getByRole('option', { name: /^GenEval/ }).click();
  await dialog.getByRole('textbox', { name: 'Max items' }).fill(String(limit));
  await dialog.getByRole('textbox', { name: 'Epochs (samples per item)' }).fill(String(repeats));
  if (seed !== undefined) await dialog.getByRole('textbox', { name: 'Seed' }).fill(String(seed));
  if (!cache) {
    await dialog.getByText('Advanced').click();
    await dialog.getByRole('checkbox', { name: /^Reuse outputs of earlier runs/ }).uncheck();
  }
  await expect(dialog.getByText(`${limit * repeats} samples`)).toBeVisible();
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

const stateOf = (page: Page) => page.locator('main header').getByRole('status');
const tiles = (page: Page) => page.getByRole('grid', { name: 'Samples' }).getByRole('button');

test('a press on what starts a run is kept until the page listens', async ({ page }) => {
  await signIn(page, 'reviewer', 'Rita');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/runs', { waitUntil: 'commit' });
  const start = page.getByRole('button', { name: 'Start a run' }).first();
  await start.click({ noWaitAfter: true });
  await expect(start).toHaveAttribute('aria-busy', 'true');
  release();
  await expect(page.getByRole('dialog', { name: 'Start a run' })).toBeVisible();
});

test('a run is started, watched, looked into, published, compared and exported', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  await page.goto('/runs');
  await expect(page.getByRole('heading', { name: 'Runs' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start a run' })).toHaveCount(0);
  await signIn(page, 'reviewer', 'Rita');

  const first = await startRun(page, { limit: 6, repeats: 2 });
  await expect(stateOf(page)).toHaveText('Done', { timeout: longRun });
  await expect(page.getByRole('heading', { name: /nano.* on GenEval/ })).toBeVisible();
  await expect(page.getByText('by Rita')).toBeVisible();
  await expect(page.getByRole('table', { name: 'By category' }).getByRole('row')).toHaveCount(7);

  // It is named, and nobody but the team sees it until it is published.
  await page.getByRole('button', { name: 'Edit name, tags, note' }).click();
  const labels = page.getByRole('dialog', { name: 'Name, tags and note' });
  await labels.getByRole('textbox', { name: 'Name' }).fill('First 试验');
  await labels.getByRole('textbox', { name: 'Tags' }).fill('smoke, 试验');
  await labels.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'First 试验' })).toBeVisible();
  const visitor = await browser.newPage();
  expect((await visitor.goto(`/runs/${first}`))?.status()).toBe(404);
  await page.getByRole('button', { name: /^Visibility: Team/ }).click();
  await page.getByRole('menuitem', { name: /^Published/ }).click();
  await page
    .getByRole('dialog', { name: 'Publish this run?' })
    .getByRole('button', { name: 'Publish' })
    .click();
  await expect(page.getByRole('button', { name: /^Visibility: Published/ })).toBeVisible();
  await visitor.goto(`/runs/${first}`);
  await expect(visitor.getByRole('heading', { name: 'First 试验' })).toBeVisible();
  await expect(visitor.getByText('Rita')).toHaveCount(0);
  await visitor.close();

  // The samples, by keyboard.
  await page.getByRole('tab', { name: /^Samples/ }).click();
  await expect(tiles(page)).toHaveCount(12);
  await expect(page.getByText('12 samples', { exact: true })).toBeVisible();
  await tiles(page).first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(tiles(page).nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('2 of 12')).toBeVisible();
  const picture = dialog.getByRole('img').first();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(256);
  await expect(dialog.getByRole('region', { name: 'Decisions' }).getByRole('listitem')).not.toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByText('3 of 12')).toBeVisible();
  await expect(page).toHaveURL(/sample=[0-9a-f-]{36}/);
  const shared = page.url();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(tiles(page).nth(2)).toBeFocused();
  // Closing goes back in the history, which would end a navigation that began meanwhile.
  await expect(page).not.toHaveURL(/sample=/);

  // Its link opens it for anybody, with what was found in the picture drawn over it.
  await page.goto(shared);
  const detections = dialog.getByRole('region', { name: /^Detections/ }).getByRole('button');
  await expect(detections.first()).toBeVisible();
  const boxes = dialog.locator('svg rect[fill="none"]');
  await expect(boxes.first()).toBeAttached();
  await dialog.getByRole('button', { name: 'Boxes' }).click();
  await expect(boxes).toHaveCount(0);
  // What is focused in the list is lit in the picture all the same.
  await detections.first().focus();
  await expect(boxes).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Boxes' }).click();
  await dialog
    .getByRole('region', { name: 'Other samples of this item' })
    .getByRole('button')
    .first()
    .click();
  await expect(page).not.toHaveURL(shared);
  await page.keyboard.press('Escape');
  // Closing goes back in the history: only then another address is opened.
  await expect(page).not.toHaveURL(/sample=/);

  // Filters stand in the address, and a stranger's address does no harm.
  await page.goto(`/runs/${first}?view=samples`);
  await expect(tiles(page)).toHaveCount(12);
  await page.keyboard.press('f');
  await expect(page.getByRole('searchbox', { name: 'Search prompts' })).toBeFocused();
  await page.getByRole('radio', { name: 'Wrong' }).check();
  await expect(page).toHaveURL(/verdict=wrong/);
  const wrong = await withDatabase(async (client) => {
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM sample WHERE run_id = $1 AND correct = false`,
      [first],
    );
    return rows[0]?.n ?? 0;
  });
  await expect(tiles(page)).toHaveCount(wrong);
  const script = encodeURIComponent('<img src=x onerror=alert(1)>');
  await page.goto(
    `/runs/${first}?q=${script}&group=nowhere&order=odd&min=x&sample=me&group=${'a'.repeat(5000)}`,
  );
  await expect(page.getByText('No samples match these filters.')).toBeVisible();
  await expect(page.getByRole('searchbox', { name: 'Search prompts' })).toHaveValue(
    '<img src=x onerror=alert(1)>',
  );
  await page.getByRole('main').getByRole('button', { name: 'Reset' }).first().click();
  await expect(tiles(page)).toHaveCount(12);

  // What another threshold would change.
  await page.getByRole('tab', { name: 'Thresholds' }).click();
  const slider = page.getByRole('slider', { name: /^Threshold/ });
  await slider.focus();
  await page.keyboard.press('End');
  await expect(page).toHaveURL(/threshold=/);
  const flips = page.getByRole('grid', { name: 'Samples that would flip' }).getByRole('button');
  await expect(flips.first()).toBeVisible();
  await flips.first().focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('region', { name: 'Decisions' })).toBeVisible();
  await page.keyboard.press('Escape');

  // Exported.
  await page.getByRole('button', { name: 'Export' }).click();
  const downloads = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /^JSONL/ }).press('Enter');
  const file = await (await downloads).path();
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(12);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ repeat: 0, state: 'scored' });

  // Another one, compared with it.
  const second = await startRun(page, { limit: 6, repeats: 2, seed: 1000 });
  await expect(stateOf(page)).toHaveText('Done', { timeout: longRun });
  await page.goto('/runs');
  const choices = page.getByRole('checkbox', { name: /^Compare .* on GenEval$/ });
  // The newest stand first, above those that came with the repository.
  await expect(page.locator('[role=row] a').first()).toHaveAttribute('href', `/runs/${second}`);
  await choices.nth(1).check();
  await choices.nth(0).check();
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await expect(page).toHaveURL(`/runs/compare?first=${first}&second=${second}`);
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('McNemar’s exact test');
  await expect(
    page.getByRole('region', { name: 'These runs were not measured the same way' }).first(),
  ).toContainText('1000');
  const pairs = page.getByRole('grid', { name: 'Item by item' }).getByRole('button');
  let seen = 0;
  for (const which of ['Gained', 'Lost', 'Both', 'Neither']) {
    await page.getByRole('radio', { name: which }).check();
    const found = page.getByRole('status').filter({ hasText: /^\d+ items?$/ });
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    seen += Number.parseInt((await found.textContent()) ?? '');
    if ((await pairs.count()) === 0) continue;
    await pairs.first().press('Enter');
    await expect(dialog.getByRole('group', { name: /^Image [AB]$/ })).toHaveCount(2);
    await page.keyboard.press('Escape');
  }
  expect(seen).toBe(12);
  await page.getByRole('button', { name: 'Swap' }).click();
  await expect(page).toHaveURL(
    new RegExp(`first=${second}.*second=${first}|second=${first}.*first=${second}`),
  );

  // A run that is gone says so on the page that is open.
  await page.goto(`/runs/${second}`);
  await expect(stateOf(page)).toHaveText('Done');
  await withDatabase((client) => client.query('DELETE FROM evaluation_run WHERE id = $1', [second]));
  await page.getByRole('tab', { name: /^Samples/ }).click();
  await expect(page.getByRole('heading', { name: 'This run is not available' })).toBeVisible();
  await page.getByRole('link', { name: 'All runs' }).click();
  await expect(page.locator(`a[href="/runs/${first}"]`)).toBeVisible();
  await expect(page.locator(`a[href="/runs/${second}"]`)).toHaveCount(0);
});

test('images of a recorded run are drawn again while their samples can be read, and nothing is an error', async ({
  page,
}) => {
  const errors: string[] = [];
  page.on('response', (response) => response.status() >= 400 && errors.push(response.url()));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto('/runs?q=nano&benchmark=geneval');
  await page.getByRole('row').filter({ hasText: 'recorded' }).getByRole('link').last().click();
  await page.getByRole('tab', { name: /^Samples/ }).click();
  const drawn = (place: Locator) =>
    place
      .locator('img')
      .evaluateAll((all) => (all as HTMLImageElement[]).filter((one) => one.naturalWidth > 0).length);
  await expect.poll(() => drawn(page.locator('[data-tile]')), { timeout: longRun }).toBeGreaterThan(0);
  // One whose image is still to be drawn: all that is known of it is there before.
  await tiles(page).last().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('region', { name: 'Prompt' })).toBeVisible();
  await expect.poll(() => drawn(dialog.getByRole('group')), { timeout: longRun }).toBeGreaterThan(0);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => drawn(dialog.getByRole('group')), { timeout: longRun }).toBeGreaterThan(0);
  expect(errors).toEqual([]);
});

test('a run is paused, resumed and cancelled, and who may not has no buttons for it', async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  await page.goto('/runs');
  await signIn(page, 'reviewer', 'Rita');
  const id = await startRun(page, { limit: 200, repeats: 4, seed: 5, cache: false });
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(stateOf(page)).toHaveText('Paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(stateOf(page)).toHaveText(/Running|Preparing/);

  const visitor = await browser.newPage();
  await visitor.goto('/runs');
  await signIn(visitor, 'viewer', 'Vera');
  await visitor.goto(`/runs/${id}`);
  await expect(visitor.getByRole('heading', { name: /on GenEval/ })).toBeVisible();
  await expect(
    visitor.getByRole('button', { name: /Pause|Cancel run|Remove|Edit name, tags|Visibility/ }),
  ).toHaveCount(0);

  // Samples come while one looks on, and the rate is told.
  await expect(page.getByText(/per second/)).toBeVisible({ timeout: longRun });
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page
    .getByRole('dialog', { name: 'Cancel this run?' })
    .getByRole('button', { name: 'Keep it' })
    .click();
  await expect(stateOf(page)).toHaveText('Running');
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  await expect(stateOf(page)).toHaveText('Cancelled');
  await expect(visitor.getByText('Cancelled').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /Pause|Resume|Cancel run/ })).toHaveCount(0);
  await visitor.close();

  await signIn(page, 'admin', 'Ada');
  await page.goto(`/runs/${id}`);
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove permanently' }).click();
  await page.waitForURL('/runs');
  const answer = await page.goto(`/runs/${id}`);
  expect(answer?.status()).toBe(404);
});

test('no run of the list is cut off in a window of middle width', async ({ page }) => {
  await page.goto('/runs');
  await signIn(page, 'reviewer', 'Rita');
  const id = await startRun(page, { limit: 2 });
  await page.goto('/runs');
  const row = page.getByRole('row').filter({ has: page.locator(`a[href="/runs/${id}"]`) });
  for (const width of [768, 900, 1024]) {
    await page.setViewportSize({ width, height: 900 });
    const cut = () =>
      row.evaluate((element) => {
        const { right } = element.getBoundingClientRect();
        const parts = [...element.querySelectorAll<HTMLElement>('[role=cell]')];
        const name = element.querySelector('a')!;
        return [
          ...parts.filter((part) => part.getBoundingClientRect().right > right),
          ...(name.scrollWidth > name.clientWidth ? [name] : []),
        ].map(({ textContent }) => textContent);
      });
    await expect.poll(cut, { message: `${width} pixels` }).toEqual([]);
  }
});

test('every state is accessible', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto('/runs');
  await signIn(page, 'admin', 'Ada');
  await page.goto('/runs');
  await page.getByRole('button', { name: 'Start a run' }).first().click();
  const start = page.getByRole('dialog', { name: 'Start a run' });
  await start.getByRole('textbox', { name: 'Max items' }).fill('0');
  await start.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(start.getByRole('textbox', { name: 'Max items' })).toBeFocused();
  await expectAccessible(page, 'wrong form');
  const id = await startRun(page, { limit: 6, repeats: 2 });
  await expectAccessible(page, 'running');
  await expect(stateOf(page)).toHaveText('Done', { timeout: longRun });
  await expectAccessible(page, 'overview');
  await page.goto('/runs');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await expectAccessible(page, 'list');
  await page.goto(`/runs/${id}?view=samples`);
  await expect(tiles(page)).toHaveCount(12);
  await expectAccessible(page, 'samples');
  await tiles(page).first().press('Enter');
  await expect(page.getByRole('dialog').getByRole('region', { name: 'Decisions' })).toBeVisible();
  await expectAccessible(page, 'sample');
  await page.goto(`/runs/${id}?threshold=1`);
  await expect(page.getByRole('grid', { name: 'Samples that would flip' })).toBeVisible();
  await expectAccessible(page, 'thresholds');
  await page.goto(`/runs/compare?first=${id}`);
  await page.getByRole('button', { name: /^Second run/ }).click();
  await expect(page.getByRole('option').first()).toBeVisible();
  await expectAccessible(page, 'picker');
  await page.getByRole('option').first().click();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible();
  await expectAccessible(page, 'comparison');
});
