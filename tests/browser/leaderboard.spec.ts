import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { createDb, type Db } from '../../server/db/client';
import { builtInUrl } from '../../server/start/postgres';
import { makeRun, verdicts } from '../support/runs';

const groups = ['single_object', 'two_object', 'counting', 'colors', 'position', 'color_attr'];
let db: Db;
let alpha: string;
test.beforeAll(async () => {
  db = createDb((await builtInUrl(process.env.STUDIO_TEST_HOME ?? ''))!);
  const made = { groups, settings: { seed: 42 } };
  await makeRun(db, { ...made, model: 'alpha', values: verdicts(120, 50, 4), at: new Date('2026-01-05') });
  alpha = await makeRun(db, { ...made, model: 'alpha', values: verdicts(120, 110, 4), latencyMs: 410 });
  await makeRun(db, { ...made, model: 'beta', values: verdicts(120, 108, 4), latencyMs: 120 });
  await makeRun(db, { ...made, model: 'gamma', values: verdicts(120, 40, 4), latencyMs: 90 });
  await makeRun(db, { ...made, model: 'delta', values: verdicts(120, 118, 4), incomplete: true });
  await makeRun(db, { ...made, model: 'epsilon', values: verdicts(120, 60, 4), settings: { seed: 7 } });
});
test.afterAll(() => db.close());

const tableOf = (page: Page) => page.getByRole('region', { name: 'GenEval: results' });
const rowOf = (page: Page, name: string) =>
  tableOf(page)
    .getByRole('row')
    .filter({
      has: page.getByRole('rowheader').getByRole('button', { name: `Details of ${name}`, exact: true }),
    });
/** Models of the table from the top. */
const models = async (page: Page) => {
  const names = await tableOf(page).getByRole('rowheader').getByRole('button').allInnerTexts();
  return names.map((name) => name.split('\n')[0]!.trim());
};

/** Groups stand there as soon as a worker has tested the rows: the page looks again by itself. */
async function openGrouped(page: Page) {
  await page.goto('/leaderboard/geneval');
  await expect(rowOf(page, 'gamma 1.0')).toContainText('b', { timeout: 60_000 });
}

test('boards, groups and marks', async ({ page }) => {
  await openGrouped(page);
  await expect(page).toHaveTitle(/^GenEval · Leaderboard/);
  const cells = (name: string) => rowOf(page, name).getByRole('cell');
  await expect(cells('alpha 1.0').nth(0)).toHaveText('1');
  await expect(cells('alpha 1.0').nth(1)).toHaveText('a');
  await expect(cells('beta 1.0').nth(1)).toHaveText('a');
  await expect(cells('gamma 1.0').nth(0)).toHaveText('3');
  await expect(cells('gamma 1.0').nth(1)).toHaveText('b');
  await expect(tableOf(page)).toContainText(
    'McNemar’s exact test on the same 120 items, with each item’s samples pooled; 3 pairs, Holm correction, level 0.05.',
  );
  // Not ranked: something is missing.
  await expect(cells('delta 1.0').nth(0)).toHaveText(/not ranked/);
  await expect(rowOf(page, 'delta 1.0')).toContainText('Incomplete');
  // Of another board, with what sets it apart.
  await expect(cells('epsilon 1.0').nth(0)).toHaveText('1');
  await expect(tableOf(page).getByRole('rowheader', { name: /Measured: geneval 2 .* seed 7/ })).toBeVisible();
  // Copied, and not consistent in itself.
  await expect(rowOf(page, 'TokenFlow-XL')).toContainText('Published');
  await expect(rowOf(page, 'TokenFlow-XL')).toContainText(
    'The published overall score, 0.55, is not the mean of its categories, 0.528',
  );
  await expect(rowOf(page, 'alpha 1.0')).toContainText('Measured');
  await expect(rowOf(page, 'alpha 1.0')).toContainText('95 % interval 0.897 to 0.937');
});

test('what is looked at stands in the address', async ({ page }) => {
  await openGrouped(page);
  await page.getByRole('button', { name: 'Sort by Counting' }).click();
  await expect(page).toHaveURL(/sort=-counting/);
  await expect(page.getByRole('columnheader', { name: 'Sort by Counting' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  // By keyboard the other way.
  await page.getByRole('button', { name: 'Sort by Counting' }).press('Enter');
  await expect(page).toHaveURL(/sort=counting/);
  await page.getByRole('radio', { name: 'Published' }).check();
  await expect(page).toHaveURL(/kind=published/);
  await expect(page.getByRole('status').filter({ hasText: 'rows shown' })).toHaveText('11 rows shown');
  await page.getByRole('searchbox', { name: 'Search models' }).fill('janus');
  await expect(page.getByRole('status').filter({ hasText: 'shown' })).toHaveText('3 rows shown');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Position' }).uncheck();
  await expect(page.getByRole('columnheader', { name: 'Sort by Position' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('combobox', { name: 'Metric' }).selectOption('Overall');
  await page.getByRole('textbox', { name: 'at least' }).fill('0.7');
  await expect(page).toHaveURL(/limit=accuracy(:|%3A)0\.7/);
  expect(await models(page)).toEqual(['Janus-Pro 1.5B', 'Janus-Pro 7B']);

  const url = page.url();
  await page.reload();
  await expect(page.getByRole('searchbox', { name: 'Search models' })).toHaveValue('janus');
  expect(page.url()).toBe(url);
  expect(await models(page)).toEqual(['Janus-Pro 1.5B', 'Janus-Pro 7B']);
  await expect(page.getByRole('columnheader', { name: 'Sort by Position' })).toHaveCount(0);
  await expect(page.getByRole('columnheader', { name: 'Sort by Counting' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );

  await page.getByRole('searchbox', { name: 'Search models' }).fill('nobody has this name');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'shown' })).toHaveText(/^1\d rows shown/);
});

test('the server makes the view of an address, and a stranger’s address is harmless', async ({
  page,
  request,
}) => {
  const html = await (await request.get('/leaderboard/geneval?q=janus-pro&columns=accuracy')).text();
  expect(html).toContain('Janus-Pro 7B');
  expect(html).not.toMatch(/<th[^>]*>(?:(?!<\/th>).)*SEED-X/);
  await page.goto(
    '/leaderboard/geneval?kind=x&sort=--&columns=__proto__,constructor&limit=a:b&chart=pie&board=%00&rows=%22%3E',
  );
  await expect(rowOf(page, 'alpha 1.0')).toBeVisible();
  const missing = await request.get('/leaderboard/no-such-benchmark');
  expect(missing.status()).toBe(404);
});

test('a figure leads to its run, and a row to where it comes from', async ({ page }) => {
  await openGrouped(page);
  const link = rowOf(page, 'alpha 1.0').getByRole('link', { name: /^alpha, Counting: / });
  await expect(link).toHaveAttribute('href', `/runs/${alpha}?group=counting`);
  await expect(rowOf(page, 'SEED-X').getByRole('link')).toHaveCount(0);

  const opener = rowOf(page, 'alpha 1.0').getByRole('button', { name: 'Details of alpha 1.0' });
  await opener.press('Enter');
  await expect(opener).toHaveAttribute('aria-expanded', 'true');
  const details = tableOf(page).getByRole('cell').filter({ hasText: 'Fingerprint' });
  await expect(details).toContainText('this installation');
  await expect(details).toContainText('cccccccccccc');
  await expect(details).toContainText('made-detector 1');
  const cite = details.getByRole('region', { name: 'Cite' });
  await expect(cite).toContainText(`alpha 1.0 on GenEval: accuracy 0.917`);
  await expect(cite).toContainText(new RegExp(`http://127\\.0\\.0\\.1:\\d+/runs/${alpha}`));
  await cite.getByRole('radio', { name: 'BibTeX' }).check();
  await expect(cite).toContainText('@misc{run-');
  await opener.press('Enter');
  await expect(details).toHaveCount(0);
  await rowOf(page, 'SEED-X').getByRole('button').press('Enter');
  await expect(page.getByRole('link', { name: /^Nexus-Gen: Unified Image/ })).toHaveAttribute(
    'href',
    'https://arxiv.org/abs/2504.21356',
  );
});

test('what is exported is what is shown', async ({ page }) => {
  await openGrouped(page);
  await page.goto('/leaderboard/geneval?kind=published&sort=-accuracy&columns=accuracy,counting');
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('geneval.csv');
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines[0]).toContain('accuracy,accuracy_low,accuracy_high,accuracy_n,counting,');
  expect(lines[0]).not.toContain('position');
  expect(lines).toHaveLength(12);
  expect(lines[1]).toMatch(/^Nexus-Gen\*,,published,/);
});

test('charts have their figures as a table too', async ({ page }) => {
  await openGrouped(page);
  await page.getByRole('button', { name: 'Charts' }).click();
  await expect(page).toHaveURL(/chart=radar/);
  const chart = page.getByRole('region', { name: 'Chart', exact: true });
  await expect(chart.locator('.recharts-radar')).toHaveCount(4);
  await page.getByRole('checkbox', { name: 'Show beta in the charts' }).uncheck();
  await expect(chart.locator('.recharts-radar')).toHaveCount(3);
  await expect(page).toHaveURL(/rows=/);
  await chart.getByText('As a table').click();
  await expect(chart.getByRole('table', { name: 'Categories' }).getByRole('row')).toHaveCount(7);
  await chart.getByRole('radio', { name: 'Bars' }).check();
  await expect(chart.locator('.recharts-bar').first()).toBeVisible();
  await chart.getByRole('radio', { name: 'Score and latency' }).check();
  await expect(chart.getByRole('figure', { name: 'Overall against latency' })).toBeVisible();
  // With the runs that the repository has on record.
  await expect.poll(() => chart.locator('.recharts-scatter-symbol').count()).toBeGreaterThanOrEqual(5);
  await chart.getByRole('radio', { name: 'History' }).check();
  await expect(chart.locator('.recharts-line-dot').first()).toBeVisible();
  await chart.getByText('As a table').click();
  await expect(chart.getByRole('rowheader', { name: 'alpha, Jan 5, 2026' })).toBeVisible();
  await page.reload();
  await expect(chart.getByRole('radio', { name: 'History' })).toBeChecked();
});

test('the overview has every benchmark, and leads to them', async ({ page }) => {
  await page.goto('/leaderboard');
  const overview = page.getByRole('region', { name: 'Best score of each model on each benchmark' });
  const row = (name: string) =>
    overview.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  await expect(row('alpha').getByRole('link')).toHaveAttribute('href', `/runs/${alpha}`);
  await expect(row('Nexus-Gen*')).toContainText('Published');
  await page.getByRole('button', { name: 'Sort by GenEval' }).click();
  await expect(page).toHaveURL(/sort=-geneval/);
  await expect(overview.getByRole('rowheader').first()).toHaveText(/^(alpha|nexus-gen-nano)$/);
  await page.getByRole('radio', { name: 'Published' }).check();
  await expect(row('alpha')).toHaveCount(0);
  await page.getByRole('navigation', { name: 'Benchmarks' }).getByRole('link', { name: /^MME/ }).click();
  await expect(page).toHaveURL(/\/leaderboard\/mme$/);
  await expect(page.getByRole('columnheader', { name: 'Sort by Perception' })).toBeVisible();
});

test('on a phone the model stays in sight beside the figures', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openGrouped(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  const region = tableOf(page);
  await region.evaluate((element) => (element.scrollLeft = element.scrollWidth));
  await expect(rowOf(page, 'alpha 1.0').getByRole('rowheader')).toBeInViewport({ ratio: 0.9 });
  await expect(rowOf(page, 'alpha 1.0').getByRole('cell').last()).toBeInViewport({ ratio: 0.9 });
});

test('the ablations: what came out, charts, and the same as tables and JSON', async ({ page }) => {
  await page.goto('/leaderboard');
  await page.getByRole('link', { name: 'Ablations' }).click();
  await expect(page).toHaveTitle(/^Ablations/);
  const section = (name: string) =>
    page.locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) });
  const autoregression = section('Naive and prefilled autoregression');
  await expect(autoregression.locator('.recharts-line')).toHaveCount(3);
  await expect(autoregression).toContainText(
    /At inference, the error is \d\.\d{4} for naive and \d\.\d{4} for prefilled/,
  );
  await expect(autoregression.getByRole('row', { name: /^Prefilled, at inference/ })).toContainText('0.43');
  await autoregression.getByText('As a table').click();
  const positions = autoregression.getByRole('table', { name: 'Mean squared error' });
  await expect(positions.getByRole('row')).toHaveCount(82);
  const tokens = section('Number of image tokens');
  await expect(tokens.locator('.recharts-bar')).toHaveCount(2);
  await expect(tokens.getByRole('rowheader')).toHaveText(['25', '81', '324']);
  await expect(section('Editing and generation decoders').locator('.recharts-bar')).toHaveCount(2);
  await expect(section('Denoising steps').getByRole('rowheader', { name: '4', exact: true })).toBeVisible();
  await expect(section('Guidance scale').getByRole('rowheader', { name: '1', exact: true })).toBeVisible();
  const href = await page.getByRole('link', { name: 'JSON' }).getAttribute('href');
  const json = (await (await page.request.get(href!)).json()) as { tokens: { variants: unknown[] } };
  expect(json.tokens.variants).toHaveLength(3);
  for (const width of [390, 360]) {
    await page.setViewportSize({ width, height: 844 });
    // Charts follow the window.
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await expect.poll(overflow).toBeLessThanOrEqual(0);
  }
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`accessible, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto('/leaderboard');
    await expect(page.getByRole('rowheader', { name: 'alpha' })).toBeVisible();
    await expectAccessible(page, 'overview');
    await openGrouped(page);
    await rowOf(page, 'alpha 1.0').getByRole('button').click();
    await expect(page.getByRole('region', { name: 'Cite' })).toContainText('alpha 1.0');
    await page.getByRole('button', { name: 'Columns' }).click();
    await expectAccessible(page, 'table with details and columns');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('button', { name: 'Charts' }).click();
    await expect(page.locator('.recharts-radar').first()).toBeVisible();
    await expectAccessible(page, 'table with filter and chart');
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page, 'phone');
    await page.goto('/leaderboard/ablations');
    await expect(page.locator('.recharts-line').first()).toBeVisible();
    await expectAccessible(page, 'ablations');
  });
