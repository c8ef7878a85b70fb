import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { Studio } from './studio';

const first = 'a photo of two red apples';
const change = 'make the apples green';
const question = 'how many apples are there?';

/** generate → edit → question, as every journey here begins. */
async function makeThree(page: Page): Promise<Studio> {
  const studio = new Studio(page);
  await studio.open();
  await studio.settings({ Seed: 1, Steps: 4 });
  await studio.submit(first);
  const made = studio.card('Generate', first);
  await studio.expectPicture(made, first);
  await made.getByRole('button', { name: 'Edit this' }).click();
  await studio.submit(change);
  const edited = studio.card('Edit', change);
  await studio.expectPicture(edited, change);
  await edited.getByRole('button', { name: 'Ask about this' }).click();
  await studio.submit(question);
  await studio.expectAnswer(studio.card('Ask', question), /./);
  return studio;
}

test('history: search, kinds, details, lineage and deleting, by mouse and by keyboard', async ({ page }) => {
  const studio = await makeThree(page);
  await page.getByRole('button', { name: 'History' }).click();
  const panel = page.getByRole('dialog', { name: 'History' });
  const tiles = panel.getByRole('gridcell').getByRole('button');
  await expect(tiles).toHaveCount(3);
  await expectAccessible(page);

  await panel.getByRole('searchbox').fill('GREEN make');
  await expect(tiles).toHaveCount(1);
  await panel.getByRole('searchbox').fill('no_such%');
  await expect(panel.getByText('No results contain all of these words.')).toBeVisible();
  await panel.getByRole('searchbox').fill('');
  await panel.getByRole('radio', { name: 'Asked' }).check();
  await expect(tiles).toHaveCount(1);
  await panel.getByRole('radio', { name: 'All' }).check();
  await expect(tiles).toHaveCount(3);

  // The newest comes first; arrows walk, Enter opens.
  await tiles.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(tiles.nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  const details = page.getByRole('dialog', { name: 'Edited' });
  await expect(details.getByText(change)).toBeVisible();
  await expect(details.getByText('Guidance scale')).toBeVisible();
  await expectAccessible(page);

  await details.getByRole('button', { name: 'Origin' }).click();
  const tree = page.getByRole('tree');
  const lines = tree.getByRole('treeitem');
  await expect(lines).toHaveCount(3);
  await expect(lines.nth(1)).toBeFocused();
  await expect(lines.nth(1)).toHaveAttribute('aria-current', 'true');
  await expectAccessible(page);
  await page.keyboard.press('ArrowLeft');
  await expect(lines).toHaveCount(2);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('End');
  await expect(lines.nth(2)).toBeFocused();
  await expect(lines.nth(2)).toHaveAttribute('aria-level', '3');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();

  await panel.getByRole('button', { name: 'Select', exact: true }).click();
  await tiles.first().click();
  await tiles.nth(1).focus();
  await page.keyboard.press('Space');
  await expect(panel.getByText('2 selected')).toBeVisible();
  await expectAccessible(page);
  await panel.getByRole('button', { name: 'Delete' }).click();
  const confirm = page.getByRole('dialog', { name: 'Delete these 2 results?' });
  await confirm.getByRole('button', { name: 'Keep' }).click();
  await panel.getByRole('button', { name: 'Delete' }).click();
  await confirm.getByRole('button', { name: 'Delete' }).click();
  await expect(tiles).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(studio.results.getByRole('article')).toHaveCount(1);
});

test('a shared result: seen elsewhere, opened in the studio, reported, withdrawn', async ({
  page,
  browser,
  baseURL,
}) => {
  const studio = await makeThree(page);
  await studio.more(studio.card('Edit', change), 'Share');
  const dialog = page.getByRole('dialog', { name: 'Share this result' });
  await expect(dialog.getByText(/They also see the source image/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Create link' }).click();
  const link = await dialog.getByLabel('Link', { exact: true }).inputValue();
  expect(link).toMatch(new RegExp(`^${baseURL}/r/[\\w-]{24}$`));
  await expectAccessible(page);

  const context = await browser.newContext({ baseURL });
  const guest = await context.newPage();
  await guest.goto(link);
  await expect(guest.getByRole('heading', { name: change })).toBeVisible();
  await expect(guest.getByText(first)).toHaveCount(0);
  const meta = (name: string) => guest.locator(`meta[property="${name}"], meta[name="${name}"]`).first();
  await expect(meta('robots')).toHaveAttribute('content', /noindex/);
  await expect(meta('og:image')).toHaveAttribute(
    'content',
    new RegExp(`^${baseURL}/api/images/[0-9a-f]{64}$`),
  );
  await expect(meta('twitter:card')).toHaveAttribute('content', 'summary_large_image');
  await expectAccessible(guest);

  await guest.getByRole('button', { name: 'Report' }).click();
  const report = guest.getByRole('dialog', { name: 'Report this result' });
  await report.getByRole('button', { name: 'Send report' }).click();
  await expect(report.getByText('Choose a reason.')).toBeVisible();
  await report.getByRole('radio', { name: 'Something else' }).check();
  await report.getByRole('button', { name: 'Send report' }).click();
  await expect(report.getByText('Describe the problem in a few words.')).toBeVisible();
  await expectAccessible(guest);
  await report.getByLabel('Comment').fill('<b>not green</b>');
  await report.getByRole('button', { name: 'Send report' }).click();
  await expect(guest.getByText('Thank you. Your report was sent')).toBeVisible();

  await guest.getByRole('link', { name: 'Open in the studio' }).click();
  const theirs = new Studio(guest);
  await expect(theirs.prompt).toHaveValue(change);
  await expect(theirs.form.getByRole('radio', { name: 'Edit' })).toBeChecked();
  await expect(theirs.setting('Seed')).toHaveValue('1');
  await expect(guest).toHaveURL(`${baseURL}/`);
  // The source can be gone on from.
  await theirs.send.click();
  await theirs.expectPicture(theirs.card('Edit', change), change);

  await dialog.getByRole('button', { name: 'Revoke link' }).click();
  await expect(dialog.getByRole('button', { name: 'Create link' })).toBeVisible();
  const gone = await guest.goto(link);
  expect(gone?.status()).toBe(404);
  await expect(guest.getByRole('heading', { name: 'Nothing found at this link' })).toBeVisible();
  await expectAccessible(guest);
  await context.close();
});

test('a conversation goes out as a file and comes in elsewhere', async ({ page, browser, baseURL }) => {
  const studio = await makeThree(page);
  const downloading = page.waitForEvent('download');
  await studio.more(studio.card('Ask', question), 'Export conversation');
  const file = await readFile(await (await downloading).path());

  const context = await browser.newContext({ baseURL });
  const guest = await context.newPage();
  const theirs = new Studio(guest);
  await theirs.open();
  await guest.getByRole('button', { name: 'History' }).click();
  const panel = guest.getByRole('dialog', { name: 'History' });
  const pick = (buffer: Buffer) =>
    panel
      .locator('input[type=file]')
      .setInputFiles({ name: 'conversation.zip', mimeType: 'application/zip', buffer });
  await pick(Buffer.from('no conversation'));
  await expect(guest.getByText('The conversation could not be imported')).toBeVisible();
  await pick(file);
  await expect(guest.getByText('3 results imported')).toBeVisible();
  await expect(panel.getByRole('gridcell')).toHaveCount(3);
  await guest.keyboard.press('Escape');
  await expect(theirs.card('Ask', question)).toBeVisible();
  await expect(theirs.card('Generate', first)).toBeVisible();
  await context.close();
});

test('on a phone the tree and the history fit', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 780 });
  const studio = new Studio(page);
  await studio.open();
  await page.getByRole('button', { name: 'History' }).click();
  const panel = page.getByRole('dialog', { name: 'History' });
  const conversation = {
    images: [],
    messages: [
      { role: 'user', content: 'What is a rather long question that has to be cut at the end of its line?' },
      {
        role: 'assistant',
        content: 'An answer of some length, which is cut as well where there is no room.',
      },
      { role: 'user', content: 'And then?' },
      { role: 'assistant', content: 'Nothing.' },
    ],
  };
  await panel.locator('input[type=file]').setInputFiles({
    ...{ name: 'conversation.json', mimeType: 'application/json' },
    buffer: Buffer.from(JSON.stringify(conversation)),
  });
  await expect(panel.getByRole('gridcell')).toHaveCount(2);
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await panel.getByRole('gridcell').getByRole('button').first().click();
  await page.getByRole('button', { name: 'Origin' }).last().click();
  for (const line of await page.getByRole('treeitem').all()) await expect(line).toBeInViewport({ ratio: 1 });
  expect(await overflow()).toBeLessThanOrEqual(0);
  await expectAccessible(page);
});
