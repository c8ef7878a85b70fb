import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { Studio } from './studio';

/** A picture of few steps, with a seed. */
async function make(studio: Studio, prompt: string, seed: number): Promise<Locator> {
  await studio.settings({ Steps: 4, Seed: seed });
  await studio.submit(prompt);
  const card = studio.card('Generate', prompt);
  await studio.expectPicture(card, prompt);
  return card;
}

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Compare' });
const scaleOf = async (dialog: Locator) =>
  Number((await dialog.getByLabel('Scale', { exact: true }).textContent())?.replace('%', ''));
const box = async (locator: Locator) => {
  const found = await locator.boundingBox();
  if (!found) throw new Error('not in the page');
  return found;
};

test('two results are compared in three ways, by mouse and by keys', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  const red = await make(studio, 'a photo of a red apple', 7);
  const green = await make(studio, 'a photo of a green apple', 8);
  await studio.more(red, 'Compare');
  await expect(page.getByText('Comparing with: a photo of a red apple')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Stop comparing' }).click();
  await expect(page.getByText('Comparing with:')).toHaveCount(0);
  await studio.more(red, 'Compare');
  await studio.more(green, 'Compare');
  const dialog = dialogOf(page);
  await expect(dialog.getByRole('img', { name: 'A, Result: a photo of a red apple' })).toBeVisible();

  // The divider: keys, a drag of its handle, a press beside it.
  const divider = dialog.getByRole('slider');
  await expect(divider).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(divider).toHaveAttribute('aria-valuenow', '52');
  await page.keyboard.press('Home');
  await expect(divider).toHaveAttribute('aria-valuenow', '0');
  const stage = await box(dialog.getByRole('group', { name: 'Images A and B' }));
  const at = (x: number, y: number) => [stage.x + stage.width * x, stage.y + stage.height * y] as const;
  await page.mouse.click(...at(0.75, 0.8));
  await expect(divider).toHaveAttribute('aria-valuenow', '75');
  await page.mouse.move(...at(0.75, 0.5));
  await page.mouse.down();
  await page.mouse.move(...at(0.25, 0.5), { steps: 4 });
  await page.mouse.up();
  await expect(divider).toHaveAttribute('aria-valuenow', '25');
  await expectAccessible(page);

  // Only what differs is told at once.
  const table = dialog.getByRole('table', { name: 'Settings that differ' });
  await expect(table.getByRole('row')).toHaveText([/Setting/, /^Prompt.*red.*green/, /^Seed78$/]);
  await dialog.getByText('5 identical settings').click();
  await expect(dialog.getByText('Guidance scale')).toBeVisible();

  // One zoom for all, by wheel, keys and drag.
  const fitted = await scaleOf(dialog);
  await page.mouse.move(...at(0.5, 0.5));
  await page.mouse.wheel(0, -300);
  await expect.poll(() => scaleOf(dialog)).toBeGreaterThan(fitted);
  await page.keyboard.press('0');
  await expect.poll(() => scaleOf(dialog)).toBe(fitted);
  for (let presses = 0; presses < 5; presses++) await page.keyboard.press('+');
  const picture = dialog.getByRole('img', { name: /^A, / });
  await expect(picture).toHaveCSS('image-rendering', 'pixelated');
  const before = await box(picture);
  await page.mouse.move(...at(0.5, 0.8));
  await page.mouse.down();
  await page.mouse.move(...at(0.55, 0.85), { steps: 4 });
  await page.mouse.up();
  const after = await box(picture);
  expect(after.x).toBeGreaterThan(before.x);
  expect(after.y).toBeGreaterThan(before.y);

  await page.keyboard.press('m');
  await expect(dialog.getByRole('radio', { name: 'Side by side' })).toBeChecked();
  const [a, b] = [
    await box(dialog.getByRole('img', { name: /^A, / })),
    await box(dialog.getByRole('img', { name: /^B, / })),
  ];
  expect(b.width).toBeCloseTo(a.width, 0);
  expect(b.y).toBeCloseTo(a.y, 0);
  await expectAccessible(page);
  await page.keyboard.press('x');
  await expect(dialog.getByRole('img', { name: 'A, Result: a photo of a green apple' })).toBeVisible();
  await page.keyboard.press('x');
  await page.keyboard.press('0');

  await page.keyboard.press('m');
  await expect(dialog.getByRole('radio', { name: 'Toggle' })).toBeChecked();
  await page.mouse.move(stage.x + 5, stage.y - 30);
  const shown = (letter: 'A' | 'B') =>
    expect(dialog.getByRole('img', { name: new RegExp(`^${letter}, `) })).toBeVisible();
  await shown('A');
  await page.keyboard.down('b');
  await shown('B');
  await page.keyboard.up('b');
  await shown('A');
  await page.mouse.move(...at(0.5, 0.5));
  await shown('B');
  await page.mouse.move(stage.x + 5, stage.y - 30);
  await dialog.getByRole('button', { name: 'Show B' }).click();
  await shown('B');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('an edit is compared with its source, on a phone too', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  const source = await make(studio, 'a photo of a red car', 3);
  await source.getByRole('button', { name: 'Edit this' }).click();
  await studio.submit('make the car green');
  const card = studio.card('Edit', 'make the car green');
  await studio.expectPicture(card, 'make the car green');
  await page.setViewportSize({ width: 390, height: 780 });
  await studio.more(card, 'Compare with the source');
  const dialog = dialogOf(page);
  await expect(dialog.getByRole('img', { name: /^A, Source/ })).toBeVisible();
  await expect(dialog.getByRole('img', { name: 'B, Result: make the car green' })).toBeVisible();
  // The source is a result too: its settings are known.
  await expect(dialog.getByRole('table').getByText('Generate', { exact: true })).toBeVisible();
  const divider = dialog.getByRole('slider');
  const handle = await box(divider);
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(40, handle.y + handle.height / 2, { steps: 3 });
  await page.mouse.up();
  expect(Number(await divider.getAttribute('aria-valuenow'))).toBeLessThan(20);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessible(page);
});

test('a grid over steps and seed: its labels stay, its cells are compared, and it is a file', async ({
  page,
}) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.prompt.fill('a photo of two red apples');
  await page.getByRole('button', { name: 'Grid…' }).click();
  const form = page.getByRole('dialog', { name: 'Grid' });
  await form.getByLabel('Values of Steps').fill('4-60');
  await expect(form.getByText('57 values; the limit is 20.')).toBeVisible();
  await form.getByLabel('Values of Steps').fill('2-4 +2');
  await form.getByLabel('Values of Seed').fill('7, 8');
  await expect(form.getByRole('status')).toContainText('2 × 2 = 4 images');
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Create grid' }).click();
  await expect(form).toHaveCount(0);
  const card = page.getByRole('article', { name: 'Grid: a photo of two red apples' });
  await expect(card.getByRole('status')).toHaveText('4 images', { timeout: 60_000 });
  const table = card.getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveText(['Steps 2', 'Steps 4']);
  await expect(table.getByRole('rowheader')).toHaveText(['Seed 7', 'Seed 8']);
  await expectAccessible(page);

  await page.setViewportSize({ width: 360, height: 640 });
  const region = card.getByRole('region', { name: 'Grid of images' });
  await region.evaluate((element) => element.scrollTo(9999, 9999));
  // Up and down only the page scrolls: nothing in it catches the wheel.
  expect(await region.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
  const frame = await box(region);
  expect((await box(table.getByRole('rowheader', { name: 'Seed 8' }))).x).toBeCloseTo(frame.x + 1, 0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  // The names of the columns stay where the last row is looked at.
  await page.setViewportSize({ width: 1280, height: 500 });
  await expect(region).toHaveCSS('overflow-x', 'clip');
  await table.getByRole('rowheader', { name: 'Seed 8' }).scrollIntoViewIfNeeded();
  const top = (await box(page.getByRole('main'))).y;
  expect((await box(region)).y).toBeLessThan(top);
  expect((await box(table.getByRole('columnheader', { name: 'Steps 4' }))).y).toBeCloseTo(top, 0);
  await page.setViewportSize({ width: 1280, height: 720 });

  // Large, and on to the neighbour below.
  await table.getByRole('button', { name: 'Enlarge: Steps 4, Seed 7' }).click();
  await expect(page.getByRole('dialog', { name: 'Steps 4, Seed 7' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('dialog', { name: 'Steps 4, Seed 8' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await table.getByRole('checkbox', { name: 'Compare: Steps 2, Seed 7' }).click();
  await table.getByRole('checkbox', { name: 'Compare: Steps 4, Seed 8' }).click();
  const rows = dialogOf(page).getByRole('table').getByRole('row');
  await expect(rows).toHaveText([/Setting/, /^Steps24$/, /^Seed78$/]);
  await page.keyboard.press('Escape');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    card.getByRole('button', { name: 'Download grid' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^grid-steps-seed-.*\.png$/);
  await card.getByRole('button', { name: 'Delete' }).click();
  await card.getByRole('button', { name: 'Delete' }).click();
  await expect(card).toHaveCount(0);
});

test('a grid is cancelled as a whole', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.prompt.fill('a photo of a blue bird');
  await page.getByRole('button', { name: 'Grid…' }).click();
  const form = page.getByRole('dialog', { name: 'Grid' });
  await form.getByLabel('Values of Steps').fill('49, 50');
  await form.getByLabel('Values of Seed').fill('3 random seeds');
  await form.getByRole('button', { name: 'Create grid' }).click();
  const card = page.getByRole('article', { name: 'Grid: a photo of a blue bird' });
  await expectAccessible(page);
  await card.getByRole('button', { name: 'Cancel all' }).click();
  await expect(card.getByRole('button', { name: 'Delete' })).toBeVisible({ timeout: 30_000 });
  await expect(card.getByText('Cancelled').first()).toBeVisible();
  await page.reload();
  await expect(card.getByRole('button', { name: 'Delete' })).toBeVisible();
});
