import { expect, test, type Page } from '@playwright/test';
import { expectAccessibleInBothThemes as expectAccessible } from './accessible';
import { expectOverlaysInHistory } from './overlays';
import { dots, makeBenchmark, makeRun, reviewAll, storePictures } from './queue-data';
import { signIn } from './sign-in';
import { plainPicture } from './studio';

/** Queues of reviews as a team uses them: made from a run's failures, followed, decided, compared, closed, exported. */

const idOf = (page: Page) => /\/reviews\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';

/** A page of its own for another person of the team. */
async function another(page: Page, role: 'viewer' | 'reviewer' | 'admin', name: string): Promise<Page> {
  const context = await page
    .context()
    .browser()!
    .newContext({ baseURL: new URL(page.url()).origin });
  const other = await context.newPage();
  await signIn(other, role, name);
  return other;
}

/** A run of six samples, of which the first and the fourth are wrong. */
async function madeRun(page: Page, model: string): Promise<string> {
  const pictures = await Promise.all([1, 2, 3].map((count) => dots(count, '#dbe7d3')));
  return makeRun(await makeBenchmark(6), model, await storePictures(page, pictures));
}

const tab = (page: Page, name: string | RegExp) => page.getByRole('tab', { name });
const main = (page: Page) => page.getByRole('main');

test('the public is sent to sign in, and sees neither queues nor pictures of reviews', async ({
  page,
  request,
}) => {
  await page.goto('/reviews?show=closed');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Freviews%3Fshow%3Dclosed$/);
  await page.goto('/reviews/new?from=flags');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Freviews%2Fnew%3Ffrom%3Dflags$/);
  await page.goto('/reviews/audit');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Freviews%2Faudit$/);
  await signIn(page, 'reviewer');
  const [hash] = await storePictures(page, [await dots(1, '#eeeeee')]);
  expect((await page.request.get(`/api/images/${hash}`)).status()).toBe(200);
  for (const path of [`/api/images/${hash}`, `/api/images/${hash}?size=160`, '/api/trpc/reviews.queues'])
    expect([path, (await request.get(path)).ok()]).toEqual([path, false]);
});

test('a queue of failures: made, reviewed, decided, compared with the metric, exported, closed', async ({
  page,
}) => {
  await page.goto('/');
  await signIn(page, 'reviewer', 'Ann');
  const runId = await madeRun(page, 'journey-model');

  await page.goto(`/reviews/new?run=${runId}&verdict=wrong`);
  await expect(page.getByRole('radio', { name: 'Wrong', exact: true })).toBeChecked();
  await expect(main(page).getByText('2 items', { exact: true })).toBeVisible();
  await page.getByRole('radio', { name: 'All', exact: true }).first().check();
  await expect(main(page).getByText('6 items', { exact: true })).toBeVisible();

  const form = page.getByRole('form', { name: 'New queue' });
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('');
  await form.getByRole('spinbutton', { name: 'Reviews per item' }).fill('0');
  await form.getByRole('button', { name: 'Create queue' }).click();
  await expect(form.getByText('Give the queue a name of at most 120 characters.')).toBeVisible();
  await expect(form.getByText('Enter a whole number from 1 to 20.')).toBeVisible();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Apples');
  await form.getByRole('textbox', { name: 'Instructions' }).fill('Count whole apples.\nNo others.');
  await form.getByRole('spinbutton', { name: 'Reviews per item' }).fill('2');
  await expect(form.getByText('12 reviews in total')).toBeVisible();
  await form.getByRole('button', { name: 'Both', exact: true }).click();
  await expect(page.getByRole('region', { name: 'What reviewers see' }).getByText('Excellent')).toBeVisible();
  await form.getByRole('button', { name: 'Create queue' }).dblclick();

  await expect(page.getByRole('heading', { name: 'Apples' })).toBeVisible();
  const queueId = idOf(page);
  await expect(page.getByText('0 of 12 reviews · 0 of 6 done')).toBeVisible();
  await expect(page.getByText('Count whole apples. No others.')).toBeVisible();
  await expect(page.getByRole('link', { name: /^Review 6$/ })).toHaveAttribute(
    'href',
    `/reviews/${queueId}/work`,
  );

  // Ann finds what the metric finds; Bea passes one that Ann fails.
  const bea = await another(page, 'reviewer', 'Bea');
  await reviewAll(page, queueId, (n) => ({ verdict: n % 3 ? 'pass' : 'fail', scales: { quality: 3 } }));
  await expect(page.getByText('6 of 12 reviews · 0 of 6 done')).toBeVisible();
  // Others' answers stay hidden until an item is done.
  await bea.goto(`/reviews/${queueId}`);
  await expect(bea.getByRole('button', { name: /No\. 1/ }).getByText('Hidden until done')).toBeVisible();
  await reviewAll(bea, queueId, (n) => ({
    verdict: n % 3 || n === 3 ? 'pass' : 'fail',
    scales: { quality: 3 },
  }));
  // Without a reload.
  await expect(page.getByText('12 of 12 reviews · 6 of 6 done · 1 to decide')).toBeVisible();

  await tab(page, 'Agreement').click();
  const verdict = page.getByRole('article').first();
  await expect(verdict.getByText('83.3%')).toBeVisible();
  await expect(verdict.getByText('Cohen’s kappa')).toBeVisible();

  await tab(page, /^Adjudication/).click();
  await expect(
    page.getByText('You reviewed this item yourself, so someone else adjudicates it.'),
  ).toBeVisible();
  const thought = page.getByRole('form', { name: 'Your revised answer' });
  await expect(thought.getByRole('radio', { name: 'Fail' })).toBeChecked();
  const cao = await another(page, 'admin', 'Cao');
  await cao.goto(`/reviews/${queueId}?tab=adjudication`);
  const decision = cao.getByRole('form', { name: 'Your decision' });
  await decision.getByRole('button', { name: 'Decide' }).click();
  await expect(decision.getByText('Give a reason, so that the reviewers can follow it.')).toBeVisible();
  await decision.getByRole('radio', { name: 'Pass' }).focus();
  await cao.keyboard.press('p');
  await expect(decision.getByRole('radio', { name: 'Pass' })).toBeChecked();
  await decision.getByRole('radio', { name: /Good$/ }).check();
  await decision.getByRole('textbox', { name: 'Reason' }).fill('Four apples are there.');
  await cao.keyboard.press('Control+Enter');
  await expect(cao.getByText('Nothing to decide')).toBeVisible();

  await tab(page, 'Against the metric').click();
  await page.getByRole('button', { name: /^Only reviewers: correct: 1 item/ }).click();
  await page.getByRole('list', { name: 'Only reviewers: correct' }).getByRole('button').click();
  const item = page.getByRole('dialog', { name: 'Item 4 of 6' });
  await expect(item.getByText('Decided by Cao')).toBeVisible();
  await expect(item.getByText('Four apples are there.')).toBeVisible();
  await expect(item.getByRole('list', { name: 'Reviews' }).getByRole('listitem')).toHaveCount(2);
  await expect(item.getByRole('link', { name: 'Sample in its run' })).toHaveAttribute(
    'href',
    new RegExp(`^/runs/${runId}\\?sample=`),
  );
  await page.keyboard.press('Escape');
  await expect(item).toHaveCount(0);

  await tab(page, 'Activity').click();
  await expect(page.getByRole('list', { name: 'Activity' }).getByText('decided an item')).toBeVisible();
  const [time] = await page.getByRole('list', { name: 'Activity' }).locator('time').all();
  await expect(time!).toHaveAttribute('title', /UTC$/);

  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'All reviews, CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Close the queue' }).click();
  await page
    .getByRole('dialog', { name: 'Close Apples?' })
    .getByRole('button', { name: 'Close the queue' })
    .click();
  await expect(main(page).getByText('Closed', { exact: true })).toBeVisible();
  await expectOverlaysInHistory(page, 0);
  await page.goto('/reviews?show=closed');
  await expect(
    page.getByRole('list', { name: 'Queues' }).locator(`a[href="/reviews/${queueId}"]`),
  ).toHaveText('Apples');
});

test('two models, blind: votes become ratings', async ({ page }) => {
  await page.goto('/');
  await signIn(page, 'reviewer', 'Ann');
  const pictures = await storePictures(
    page,
    await Promise.all([1, 2].map((count) => dots(count, '#d9e2ee'))),
  );
  const version = await makeBenchmark(6);
  const [first, second] = [
    await makeRun(version, 'pair-one', pictures),
    await makeRun(version, 'pair-two', pictures),
  ];
  await page.goto(`/reviews/new?first=${first}&second=${second}`);
  await expect(main(page).getByText('6 items', { exact: true })).toBeVisible();
  // Reviewers see the name: no model is in it.
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(
    'Blind review on GenEval',
  );
  await page.getByRole('button', { name: 'Create queue' }).click();
  await tab(page, 'Ratings').click();
  await expect(page.getByText('No votes yet')).toBeVisible();
  await reviewAll(page, idOf(page), (n) => ({
    choice: (['first', 'second', 'tie', 'both_bad'] as const)[n % 4],
  }));
  await expect(page.getByText('6 votes', { exact: false })).toBeVisible();
  await expect(page.getByRole('rowheader', { name: /^pair-one/ })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: '95 % interval' })).toBeVisible();
});

test('pictures of one’s own, each with its prompt; a file that is none is refused by name', async ({
  page,
}) => {
  await page.goto('/');
  await signIn(page, 'reviewer', 'Ann');
  await page.goto('/reviews/new?from=upload');
  await page.getByRole('button', { name: 'Create queue' }).click();
  await expect(page.getByText('Drop at least one image.')).toBeVisible();
  await page
    .getByLabel('Image files')
    .setInputFiles([
      await plainPicture(),
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') },
    ]);
  await page.getByRole('textbox', { name: 'Prompt of plain.png' }).fill('a plain ground');
  await expect(page.getByText('notes.txt: notes.txt is not a PNG, JPEG or WebP image.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Mine');
  await page.getByRole('button', { name: 'Create queue' }).click();
  await expect(
    page.getByText('Some images could not be uploaded. Send them again, or remove them.'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Remove notes.txt' }).click();
  await expect(main(page).getByText('1 item', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Create queue' }).click();
  await page.getByRole('button', { name: /a plain ground/ }).click();
  await expect(
    page.getByRole('dialog', { name: 'Item 1 of 1' }).getByRole('img', { name: 'a plain ground' }),
  ).toBeVisible();
});

test('what a stranger wrote into the address harms nobody', async ({ page }) => {
  await page.goto('/');
  await signIn(page, 'viewer', 'Vic');
  await page.goto('/reviews?show=%3Cscript%3E');
  await expect(page.getByRole('heading', { name: 'Reviews' })).toBeVisible();
  expect((await page.goto('/reviews/not-a-queue'))?.status()).toBe(404);
  expect((await page.goto(`/reviews/${crypto.randomUUID()}?tab=x`))?.status()).toBe(404);
  // A viewer looks, and makes nothing.
  await page.goto('/reviews/new?from=nowhere&run=1&first=2');
  await expect(page.getByText('Only reviewers can create queues.', { exact: false })).toBeVisible();
  await expect(page.getByRole('form')).toHaveCount(0);
});

test('every page is accessible', async ({ page }) => {
  await page.goto('/');
  await signIn(page, 'reviewer', 'Ann');
  const runId = await madeRun(page, 'axe');
  await page.goto(`/reviews/new?run=${runId}`);
  await page.getByRole('button', { name: 'Both', exact: true }).click();
  await page.getByRole('spinbutton', { name: 'Reviews per item' }).fill('2');
  await expect(main(page).getByText('6 items', { exact: true })).toBeVisible();
  await expectAccessible(page, 'new queue');
  await page.getByRole('button', { name: 'Create queue' }).click();
  await expect(page.getByRole('list', { name: 'Items' })).toBeVisible();
  const queueId = idOf(page);
  const bea = await another(page, 'reviewer', 'Bea');
  await reviewAll(page, queueId, (n) => ({ verdict: n % 2 ? 'pass' : 'fail', scales: { quality: 2 } }));
  await reviewAll(bea, queueId, (n) => ({ verdict: n % 3 ? 'pass' : 'fail', scales: { quality: 3 } }));
  await page.goto('/reviews');
  await expectAccessible(page, 'queues');
  await page.goto(`/reviews/${queueId}`);
  await expect(page.getByRole('button', { name: /No\. 6/ })).toBeVisible();
  await expectAccessible(page, 'items');
  await page.getByRole('button', { name: /No\. 1/ }).click();
  await expect(page.getByRole('dialog', { name: 'Item 1 of 6' })).toBeVisible();
  await expectAccessible(page, 'item');
  await page.keyboard.press('Escape');
  await tab(page, /^Adjudication/).click();
  await expect(page.getByText('You reviewed this item yourself', { exact: false })).toBeVisible();
  await expectAccessible(page, 'adjudication');
  await tab(page, 'Agreement').click();
  await expect(page.getByRole('article').first()).toBeVisible();
  await expectAccessible(page, 'agreement');
  await tab(page, 'Against the metric').click();
  await expect(page.getByRole('table')).toBeVisible();
  await expectAccessible(page, 'against the metric');
  await page.goto('/reviews/audit');
  await expect(page.getByRole('list', { name: 'Activity' })).toBeVisible();
  await expectAccessible(page, 'record');
});
