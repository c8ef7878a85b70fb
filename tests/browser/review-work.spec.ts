import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectAccessible, expectAccessibleInBothThemes } from './accessible';
import { makeBenchmark, makeQueue, makeRun, recordOf, wholeRubric } from './review-data';
import { giveRole, signIn, withDatabase } from './sign-in';

const red = '#c0281c';
const green = '#2c7a33';

/** The page of reviewing as a person finds it. */
class Reviewing {
  readonly comment: Locator;

  constructor(readonly page: Page) {
    this.comment = page.getByRole('textbox', { name: /^Comment/ });
  }

  async open(queueId: string, first = 1): Promise<void> {
    await this.page.goto(`/reviews/${queueId}/work`);
    await this.shows(first);
  }

  async shows(n: number): Promise<void> {
    await expect(this.page.getByRole('region', { name: `Item ${n}`, exact: true })).toBeVisible();
  }

  get status(): Locator {
    return this.page.getByRole('status');
  }

  saved(text: string): Promise<void> {
    return expect(this.page.locator('[data-saving]')).toHaveText(text);
  }

  /** Passes or fails the item on the screen by keys. */
  async judge(digit: '1' | '2'): Promise<void> {
    await this.page.keyboard.press(digit);
    await expect(this.page.getByRole('radio', { name: digit === '1' ? 'Pass' : 'Fail' })).toBeChecked();
    await this.page.keyboard.press('Control+Enter');
  }

  /** Milliseconds from each decision until the next item was painted. */
  times(): Promise<number[]> {
    return this.page.evaluate(() =>
      performance.getEntriesByName('review-next').map(({ duration }) => Math.round(duration)),
    );
  }
}

/** A queue of items with one output each, made by whoever is signed in. */
async function rated(
  page: Page,
  items: number,
  given: Parameters<typeof makeQueue>[2] = {},
): Promise<string> {
  const run = await makeRun(await makeBenchmark('generate', items), 'model-one', red);
  return makeQueue(page, { from: 'run', runId: run }, given);
}

async function pairs(page: Page, kind: 'generate' | 'edit' | 'understand', items: number): Promise<string> {
  const version = await makeBenchmark(kind, items);
  const [firstRunId, secondRunId] = [
    await makeRun(version, 'secret-one', red),
    await makeRun(version, 'secret-two', green),
  ];
  return makeQueue(page, { from: 'pair', firstRunId, secondRunId }, { name: 'Which is better?' });
}

const spread = (times: readonly number[]) => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return `median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, largest ${sorted.at(-1)} ms of ${sorted.length}`;
};

test('twenty are reviewed by keyboard alone, one is taken back, one is skipped with a reason', async ({
  page,
}) => {
  await signIn(page, 'reviewer');
  const queueId = await rated(page, 21, { instructions: 'Count the apples.\nColours do not matter.' });
  const work = new Reviewing(page);
  await work.open(queueId);
  await expect(page.getByText('Colours do not matter.')).toBeVisible();
  await page.keyboard.press('i');
  await expect(page.getByText('Colours do not matter.')).toBeHidden();

  for (let n = 1; n <= 6; n++) {
    await work.judge(n % 3 === 0 ? '2' : '1');
    await work.shows(n + 1);
  }
  await expect(work.status).toContainText('Saved: Fail. Item 7: a photo of 1 red apples');

  // Back, with its answer; corrected by the other digit.
  await page.keyboard.press('u');
  await work.shows(6);
  await expect(page.getByRole('radio', { name: 'Fail' })).toBeChecked();
  await work.judge('1');
  await work.shows(7);
  // Of decisions faster than the painting only the last is measured, so how many there are depends on the machine.
  await expect.poll(async () => (await work.times()).length).toBeGreaterThan(0);

  // Words: the keys rest while they are typed.
  await page.keyboard.press('c');
  await page.keyboard.type('1 and 2 apples, us? z');
  await expect(work.comment).toHaveValue('1 and 2 apples, us? z');
  await page.keyboard.press('Control+Enter');
  await expect(work.comment).toHaveValue('1 and 2 apples, us? z');
  await expect(page.getByRole('form').getByText('Answer required')).toBeVisible();
  await work.judge('2');
  await work.shows(8);
  await expect(work.comment).toHaveValue('');

  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Why skip it?' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('1');
  await expect(dialog).toBeHidden();
  await work.shows(9);

  for (let n = 9; n <= 21; n++) {
    await work.judge('1');
    if (n < 21) await work.shows(n + 1);
  }
  await expect(page.getByRole('heading', { name: 'All done' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'View results' })).toHaveAttribute(
    'href',
    `/reviews/${queueId}`,
  );
  await work.saved('All saved');
  await expect(page.getByText('20 done · 0 left')).toBeVisible();
  const record = await recordOf(queueId);
  expect(record.filter(({ kind }) => kind === 'review')).toHaveLength(21);
  expect(record.filter(({ kind }) => kind === 'withdrawal')).toHaveLength(1);
  expect(record.find(({ kind }) => kind === 'skip')?.reason).toBe('I can’t judge this');
  expect(record.find(({ answers }) => answers?.comment)?.answers.comment).toBe('1 and 2 apples, us? z');
  console.log(`time to the next item: ${spread(await work.times())}`);
});

test('a rubric of many questions: digits choose and go on, arrows go back, what is missing is shown', async ({
  page,
}) => {
  await signIn(page, 'reviewer');
  const version = await makeBenchmark('edit', 3);
  const run = await makeRun(version, 'model-one', green);
  const queueId = await makeQueue(page, { from: 'run', runId: run }, { rubric: wholeRubric });
  const work = new Reviewing(page);
  await work.open(queueId);
  await expect(page.getByRole('img', { name: 'Source: make the 1 apples green' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Result: make the 1 apples green' })).toBeVisible();
  await expect(page.getByText('model-one')).toBeVisible();

  await page.keyboard.press('1');
  await page.keyboard.press('4');
  await expect(page.getByRole('radio', { name: /4 good/ })).toBeChecked();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('group', { name: /What else was changed/ })).toContainText('Answer required');
  await page.keyboard.press('5');
  await expect(page.getByRole('radio', { name: /5 Nothing at all/ })).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('2');
  await expect(page.getByRole('radio', { name: /2 poor/ })).toBeChecked();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('3');
  await page.keyboard.press('1');
  await page.keyboard.press('3');
  await expect(page.getByRole('checkbox', { name: 'Wrong colour' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Artefacts' })).not.toBeChecked();

  // Zoom is one for both pictures; 100 % and back.
  const picture = page.getByRole('img', { name: /^Result/ });
  const fitted = (await picture.boundingBox())!.width;
  await page.keyboard.press('+');
  await expect.poll(async () => (await picture.boundingBox())!.width).toBeGreaterThan(fitted);
  const source = page.getByRole('img', { name: /^Source/ });
  expect((await source.boundingBox())!.width).toBeCloseTo((await picture.boundingBox())!.width, 0);
  const before = (await picture.boundingBox())!.x;
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => (await picture.boundingBox())!.x).toBeLessThan(before);
  await page.keyboard.press('z');
  await expect(page.getByRole('button', { name: /^Zoom: 100 %/ })).toBeVisible();
  await page.keyboard.press('z');
  await expect.poll(async () => (await picture.boundingBox())!.width).toBeCloseTo(fitted, 0);
  await page.keyboard.press('f');
  await page.keyboard.press('f');
  await expect(page.getByRole('group', { name: 'Image: Source' })).toBeVisible();
  await page.keyboard.press('Shift+F');
  await expect(page.getByRole('group', { name: 'Image: Result' })).toBeVisible();

  await page.keyboard.press('Control+Enter');
  await work.shows(2);
  await work.saved('All saved');
  expect((await recordOf(queueId))[0]?.answers).toMatchObject({
    ...{ verdict: 'pass', scales: { looks: 2, source: 5 }, tags: ['colour'], comment: '' },
  });
});

test('one question may be sent with its choice, and that is remembered', async ({ page }) => {
  await signIn(page, 'reviewer');
  const work = new Reviewing(page);
  await work.open(await rated(page, 3));
  await page.getByRole('checkbox', { name: 'Submit as soon as I choose' }).check();
  await page.keyboard.press('1');
  await work.shows(2);
  await page.reload();
  await work.shows(2);
  await expect(page.getByRole('checkbox', { name: 'Submit as soon as I choose' })).toBeChecked();
  await page.keyboard.press('2');
  await work.shows(3);
});

test('a draft is there again after a reload', async ({ page }) => {
  await signIn(page, 'reviewer');
  const queueId = await rated(page, 3);
  const work = new Reviewing(page);
  await work.open(queueId);
  await page.keyboard.press('2');
  await work.comment.fill('half a thought');
  await page.reload();
  await work.shows(1);
  await expect(work.comment).toHaveValue('half a thought');
  await expect(page.getByRole('radio', { name: 'Fail' })).toBeChecked();

  // On the server too: another device has it.
  await work.comment.fill('half a thought, and more');
  await expect
    .poll(() =>
      withDatabase(async (client) => {
        const { rows } = await client.query<{ comment: string }>(
          `SELECT d.answers->>'comment' AS comment FROM review_draft d JOIN review_task t ON t.id = d.task_id WHERE t.queue_id = $1`,
          [queueId],
        );
        return rows[0]?.comment;
      }),
    )
    .toBe('half a thought, and more');
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await expect(work.comment).toHaveValue('half a thought, and more');
});

test('ten blind pairs: a key votes, a double click is one vote, undo takes back', async ({ page }) => {
  await signIn(page, 'reviewer');
  const queueId = await pairs(page, 'generate', 10);
  const work = new Reviewing(page);
  await work.open(queueId);
  await expect(page.getByRole('img', { name: 'Left: a photo of 1 red apples' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Right: a photo of 1 red apples' })).toBeVisible();
  const html = await page.content();
  expect(html).not.toMatch(/secret-(one|two)/);

  await page.getByRole('button', { name: 'Left is better' }).dblclick();
  await work.shows(2);
  await work.saved('All saved');
  expect(await recordOf(queueId)).toHaveLength(1);

  const keys = ['2', '3', '4', 'ArrowLeft', 'ArrowRight', 'ArrowDown', 'ArrowUp', '1'];
  for (const [index, key] of keys.entries()) {
    await page.keyboard.press(key);
    await work.shows(index + 3);
  }
  await page.keyboard.press('Control+z');
  await work.shows(9);
  await expect(page.getByRole('button', { name: 'Left is better' })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('2');
  await work.shows(10);
  await page.keyboard.press('1');
  await expect(page.getByRole('heading', { name: 'All done' })).toBeVisible();
  await work.saved('All saved');
  const { rows } = await withDatabase((client) =>
    client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM review_assignment WHERE queue_id = $1 AND state = 'done'`,
      [queueId],
    ),
  );
  expect(rows[0]?.n).toBe(10);
  console.log(`time to the next pair: ${spread(await work.times())}`);
});

test('a lease that is lost while typing keeps the words, and says so', async ({ page, browser, baseURL }) => {
  await signIn(page, 'reviewer');
  const queueId = await rated(page, 6);
  const work = new Reviewing(page);
  await work.open(queueId);
  await page.keyboard.press('1');
  await work.comment.fill('a long thought about apples');
  await expect(page.locator('[data-saving]')).not.toHaveText('Saving draft…');

  await withDatabase((client) =>
    client.query(
      `UPDATE review_assignment SET lease_expires_at = now() - interval '1 minute' WHERE queue_id = $1`,
      [queueId],
    ),
  );
  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await signIn(other, 'reviewer', 'Another reviewer');
  await other.request.post('/api/trpc/reviews.next', { data: { json: { queueId, holding: [], count: 5 } } });
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(page.getByText('This item is no longer yours.')).toBeVisible();
  await expect(work.comment).toHaveValue('a long thought about apples');
  await expect(work.status).toContainText('Item 1 is no longer yours.');
  await page.keyboard.press('Control+Enter');
  await work.shows(1);
  await expectAccessible(page, 'lost lease');

  // The other one lets it go: it can be had again, with its words.
  const { rows } = await withDatabase((client) =>
    client.query<{ id: string }>('SELECT id FROM review_task WHERE queue_id = $1', [queueId]),
  );
  await other.request.post('/api/trpc/reviews.release', {
    data: { json: { taskIds: rows.map(({ id }) => id) } },
  });
  await page.getByRole('button', { name: 'Try to get it back' }).click();
  // What was read aloud of it stays a while.
  const form = page.getByRole('form', { name: 'Your review' });
  await expect(form.getByText('This item is no longer yours.')).toBeHidden();
  await page.keyboard.press('Control+Enter');
  // The second and third were taken too: the one behind it is what nobody had.
  await work.shows(6);
  await work.saved('All saved');
  expect((await recordOf(queueId))[0]?.answers.comment).toBe('a long thought about apples');
  await context.close();
});

test('without a network the work goes on, says so, and is sent when it is back', async ({
  page,
  context,
}) => {
  await signIn(page, 'reviewer');
  const queueId = await rated(page, 8);
  const work = new Reviewing(page);
  await work.open(queueId);
  await context.setOffline(true);
  await work.judge('1');
  await work.shows(2);
  await work.judge('2');
  await work.shows(3);
  await work.saved('Offline: 2 waiting');
  await expect(work.status).toContainText('No connection.');
  await expect(page.getByRole('img', { name: /^Result/ })).toBeVisible();
  expect(await recordOf(queueId)).toHaveLength(0);

  // Whoever closes the window is warned.
  const warned = page.waitForEvent('dialog');
  const closing = page.close({ runBeforeUnload: true });
  const dialog = await warned;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await closing;

  await context.setOffline(false);
  await work.saved('All saved');
  await expect(work.status).toContainText('The connection is back');
  await work.shows(3);
  const record = await recordOf(queueId);
  expect(record.map(({ answers }) => answers.verdict)).toEqual(['pass', 'fail']);
});

test('a role that is taken away keeps what was said; given back, it is sent', async ({ page }) => {
  const me = await signIn(page, 'reviewer');
  const queueId = await rated(page, 5);
  const work = new Reviewing(page);
  await work.open(queueId);
  await giveRole(me, 'viewer');
  await page.keyboard.press('1');
  await work.comment.fill('still mine');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/reviewer role.*1 review is waiting to be sent/)).toBeVisible();
  await expectAccessible(page, 'role taken away');
  await giveRole(me, 'reviewer');
  await page.getByRole('button', { name: 'Try again' }).click();
  await work.saved('All saved');
  await work.shows(2);
  expect((await recordOf(queueId))[0]?.answers.comment).toBe('still mine');

  // A viewer is told before anything is begun, and the public is sent to sign in.
  await giveRole(me, 'viewer');
  await page.goto(`/reviews/${queueId}/work`);
  await expect(page.getByRole('heading', { name: 'Reviewing requires the reviewer role' })).toBeVisible();
  await expectAccessible(page, 'viewer');
  await page.context().clearCookies();
  await page.goto(`/reviews/${queueId}/work`);
  await expect(page).toHaveURL(new RegExp(`/sign-in\\?next=.*${queueId}.*work`));
});

test('signed out in the middle: the answers wait', async ({ page, context }) => {
  await signIn(page, 'reviewer');
  const queueId = await rated(page, 3);
  const work = new Reviewing(page);
  await work.open(queueId);
  const cookies = await context.cookies();
  await context.clearCookies();
  await work.judge('1');
  await expect(page.getByText('You’re signed out.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await context.addCookies(cookies);
  await page.getByRole('button', { name: 'Try again' }).click();
  await work.saved('All saved');
  expect(await recordOf(queueId)).toHaveLength(1);
});

test('others have the rest, and what they let go appears; a closed queue says so', async ({
  page,
  browser,
  baseURL,
}) => {
  await signIn(page, 'reviewer');
  const queueId = await rated(page, 2);
  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await signIn(other, 'reviewer', 'Another reviewer');
  await other.request.post('/api/trpc/reviews.next', { data: { json: { queueId, holding: [], count: 5 } } });
  await page.goto(`/reviews/${queueId}/work`);
  await expect(page.getByRole('heading', { name: 'Others have the rest' })).toBeVisible();
  const { rows } = await withDatabase((client) =>
    client.query<{ id: string }>('SELECT id FROM review_task WHERE queue_id = $1', [queueId]),
  );
  await other.request.post('/api/trpc/reviews.release', {
    data: { json: { taskIds: rows.map(({ id }) => id) } },
  });
  await page.getByRole('button', { name: 'Check again' }).click();
  await new Reviewing(page).shows(1);
  await page.request.post('/api/trpc/reviews.update', { data: { json: { id: queueId, state: 'closed' } } });
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(page.getByRole('heading', { name: 'The queue was closed' })).toBeVisible();
  await context.close();
});

test('every state is accessible, and nothing is cut off', async ({ page }) => {
  await signIn(page, 'reviewer');
  const run = await makeRun(await makeBenchmark('edit', 2), 'model-one', green);
  const instructions = 'Look at the apples first.';
  const queueId = await makeQueue(page, { from: 'run', runId: run }, { rubric: wholeRubric, instructions });
  const work = new Reviewing(page);
  await work.open(queueId);
  await expectAccessibleInBothThemes(page, 'rated');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectAccessibleInBothThemes(page, 'keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await expect(page.getByRole('dialog', { name: 'Why skip it?' })).toBeVisible();
  await expectAccessibleInBothThemes(page, 'skipping');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('form').getByText('Answer required')).toBeVisible();
  await expectAccessibleInBothThemes(page, 'missing answer');

  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessibleInBothThemes(page, 'rated, on a phone');
  await expect(page.getByRole('button', { name: 'Submit' })).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  await work.open(await pairs(page, 'understand', 1));
  await expectAccessibleInBothThemes(page, 'pair of answers, on a phone');
  await page.setViewportSize({ width: 1280, height: 720 });
  await expectAccessibleInBothThemes(page, 'pair of answers');
  await page.keyboard.press('3');
  await expect(page.getByRole('heading', { name: 'All done' })).toBeVisible();
  await expectAccessibleInBothThemes(page, 'all done');
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('a tap shows the other picture in its place, and a vote is under the thumb', async ({ page }) => {
    await signIn(page, 'reviewer');
    const work = new Reviewing(page);
    await work.open(await pairs(page, 'generate', 3));
    await page.getByRole('group', { name: 'Image: Left' }).tap();
    await expect(page.getByRole('group', { name: 'Image: Right' })).toHaveCount(0);
    const place = (name: string) => page.getByRole('img', { name, includeHidden: true }).boundingBox();
    const left = await place('Left: a photo of 1 red apples');
    await page.getByRole('group', { name: 'Image: Left' }).tap();
    await expect(page.getByRole('group', { name: 'Image: Right' })).toBeVisible();
    expect(await place('Right: a photo of 1 red apples')).toEqual(left);
    for (const name of [
      'Left is better',
      'Right is better',
      'Equally good',
      'Both are bad',
      'Undo',
      'Skip',
    ]) {
      const button = page.getByRole('button', { name, exact: true });
      await expect(button).toBeInViewport({ ratio: 1 });
      expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(36);
    }
    await page.getByRole('button', { name: 'Right is better' }).tap();
    await work.shows(2);
    await page.getByRole('button', { name: 'Show all side by side' }).tap();
    await expect(page.getByRole('group', { name: 'Image: Right' })).toBeVisible();
    await expect(page.getByRole('group', { name: 'Image: Left' })).toBeVisible();
  });
});
