import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import sharp from 'sharp';
import { plainPicture, Studio } from './studio';

/** What a person may do with the demo that no other journey does. */

async function start(page: Page, prompt?: string) {
  const studio = new Studio(page);
  await studio.open();
  if (!prompt) return { studio, card: studio.results };
  await studio.settings({ Seed: 3 });
  await studio.submit(prompt);
  const card = studio.card('Generate', prompt);
  await studio.expectPicture(card, prompt);
  return { studio, card };
}

test('a short prompt is polished, seen, and used or not', async ({ page }) => {
  const { studio } = await start(page);
  const wand = studio.form.getByRole('button', { name: 'Expand prompt' });
  await expect(wand).toHaveAttribute('aria-disabled', 'true');
  await studio.prompt.fill('two red apples');
  await wand.click();
  const polished = page.getByRole('dialog', { name: 'Expanded prompt' });
  await expect(polished.getByText('Expanded with a fixed template, not by the model.')).toBeVisible();
  await expect(polished.getByText('a photo of two red apples')).toBeVisible();
  await polished.getByRole('button', { name: 'Keep mine' }).click();
  await expect(studio.prompt).toBeFocused();
  await expect(studio.prompt).toHaveValue('two red apples');
  await wand.click();
  await polished.getByRole('button', { name: 'Use' }).click();
  await expect(studio.prompt).toHaveValue('a photo of two red apples');
  await wand.click();
  await expect(polished.getByText('This prompt needs no expansion.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(studio.prompt).toBeFocused();
});

test('a negative prompt says when it counts, goes with the request, and is reset with the settings', async ({
  page,
}) => {
  const { studio } = await start(page);
  const negative = studio.setting('Negative prompt');
  await negative.fill('a dog');
  await expect(page.getByText('Only applies with a guidance scale above 1; it’s now 1.')).toBeVisible();
  await studio.settings({ 'Guidance scale': 2 });
  await expect(page.getByText('What the image should not show.')).toBeVisible();
  await studio.submit('a photo of a cat');
  const card = studio.card('Generate', 'a photo of a cat');
  await studio.expectPicture(card, 'a photo of a cat');
  await expect(card.getByText('Without: a dog')).toBeVisible();
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(negative).toHaveValue('');
  await expect(studio.setting('Guidance scale')).toHaveValue('1');
  await studio.more(card, 'Use all settings');
  await expect(negative).toHaveValue('a dog');
});

test('the time is told before sending and while a job runs', async ({ page }) => {
  const { studio } = await start(page, 'a photo of a dog');
  const told = studio.form.getByRole('note', { name: /^Expected time: / });
  await expect(told).toHaveText(/^≈ [\d.]+(–[\d.]+)? (s|min)$/);
  await studio.makeJobsLong();
  for (const thing of ['cat', 'car']) {
    await studio.submit(`a photo of a ${thing}`);
    // While one is being sent, Enter sends no other.
    await expect(studio.card('Generate', `a photo of a ${thing}`)).toBeVisible();
  }
  await expect(
    studio.card('Generate', 'a photo of a car').getByText(/^(about .+|less than a second) left$/),
  ).toBeVisible();
});

test('a picture unlike those the model knows is told of, and its edit has a time; the model’s own is not', async ({
  page,
}) => {
  const { studio, card } = await start(page, 'a photo of a dog');
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const buffer = await sharp({
    create: { width: 900, height: 700, channels: 3, background: '#888', noise },
  })
    .blur(2)
    .jpeg()
    .toBuffer();
  await studio.choose('Edit');
  await studio.pick({ name: 'beach.jpg', mimeType: 'image/jpeg', buffer });
  const told = page.getByText(/is outside what nexus-gen-nano was trained on/);
  await expect(told).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('contentinfo')).toContainText(/is outside/);
  await expect(studio.form.getByRole('note', { name: /^Expected time: / })).toBeVisible();
  await card.getByRole('button', { name: 'Edit this' }).click();
  await expect(told).toBeHidden();
});

test('a downloaded picture brings its settings back; one without them says so', async ({ page }) => {
  const prompt = 'a photo of a green bird';
  const { studio, card } = await start(page, prompt);
  const save = async (item: string) => {
    const downloading = page.waitForEvent('download');
    await studio.more(card, item);
    const download = await downloading;
    return readFile(await download.path());
  };
  const restore = async (buffer: Buffer) => {
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Restore settings from an image' }).click();
    await (await choosing).setFiles({ name: 'saved.png', mimeType: 'image/png', buffer });
  };
  const withSettings = await save('Download with settings');
  const plain = await save('Download without settings');
  await studio.prompt.fill('something else');
  await studio.settings({ Seed: 9 });
  await restore(plain);
  await expect(page.getByText('saved.png contains no settings.')).toBeVisible();
  await expect(studio.prompt).toHaveValue('something else');
  await restore(withSettings);
  await expect(studio.prompt).toHaveValue(prompt);
  await expect(studio.setting('Seed')).toHaveValue('3');
});

test('a result is dragged to what should happen to it', async ({ page }) => {
  const prompt = 'a photo of two red apples';
  const { studio, card } = await start(page, prompt);
  const dataTransfer = await page.evaluateHandle(() => new DataTransfer());
  await card.getByRole('img', { name: prompt }).dispatchEvent('dragstart', { dataTransfer });
  await page.getByRole('main').dispatchEvent('dragover', { dataTransfer });
  await expect(page.getByText('Restore its settings')).toBeHidden();
  // What is selected right after the drop stays selected: nothing moves the caret a frame later.
  const selected = await page.getByText('Ask about this image').evaluate(async (zone, data) => {
    zone.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
    const box = document.querySelector('textarea');
    box?.select();
    for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
    return box?.value.slice(box.selectionStart, box.selectionEnd);
  }, dataTransfer);
  expect(selected).toBe(prompt);
  await expect(studio.form.getByRole('radio', { name: 'Ask' })).toBeChecked();
  await studio.submit('how many apples are there?');
  const asked = studio.card('Ask', 'how many apples are there?');
  await studio.expectAnswer(asked, 'two');
  await asked.getByRole('button', { name: 'Go to the result this came from' }).click();
  await expect(card).toBeFocused();
});

test('a cancelled job keeps its last preview', async ({ page }) => {
  const { studio } = await start(page);
  await studio.makeJobsLong();
  await studio.settings({ Width: 512, Height: 512 });
  await studio.submit('a photo of a clock');
  const card = studio.card('Generate', 'a photo of a clock');
  await expect(card.getByRole('img', { name: 'Preview: a photo of a clock' })).toBeVisible();
  await card.getByRole('button', { name: 'Cancel' }).click();
  await studio.expectState(card, 'Cancelled');
  await expect(card.getByText('Cancelled. This is the last preview.')).toBeVisible();
  await page.reload();
  const kept = card.getByRole('img', { name: 'a photo of a clock' });
  await expect
    .poll(() => kept.evaluate((image: HTMLImageElement) => (image.complete ? image.naturalWidth : 0)))
    .toBeGreaterThan(0);
});

test('an example’s result leaves with the picture that it was made of', async ({ page }) => {
  const { studio } = await start(page);
  await page
    .getByRole('main')
    .getByRole('button', { name: /make the apples green/ })
    .click();
  const shown = page.getByRole('region', { name: 'Example, made with these settings' });
  await expect(shown).toBeVisible();
  await expect(studio.form.getByRole('img', { name: 'The selected image' })).toBeVisible();
  await studio.pick(await plainPicture());
  await expect(shown).toBeHidden();
});

test('a picture that did not arrive is asked for again once there is a network', async ({
  page,
  context,
}) => {
  const prompt = 'a photo of a red car';
  const { studio, card } = await start(page, prompt);
  let refused = 0;
  await page.route('**/api/images/**', (route) => {
    refused += 1;
    return route.abort('internetdisconnected');
  });
  await page.reload();
  await studio.expectState(card, 'Done');
  await expect.poll(() => refused).toBeGreaterThan(0);
  await page.unroute('**/api/images/**');
  await context.setOffline(true);
  await context.setOffline(false);
  await studio.expectPicture(card, prompt);
  await expect(card.getByRole('img', { name: prompt })).toHaveCSS('opacity', '1');
});

test('at 200 % nothing is lost: results, form and settings scroll as one', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  const studio = new Studio(page);
  await studio.open();
  await studio.submit('a photo of a cat');
  const card = studio.card('Generate', 'a photo of a cat');
  await studio.expectPicture(card, 'a photo of a cat');
  await studio.form.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeInViewport({ ratio: 1 });
  const seed = studio.setting('Seed');
  await seed.click();
  await seed.fill('7');
  await expect(seed).toBeInViewport({ ratio: 1 });
  await studio.send.click();
  await expect(studio.results.getByRole('article')).toHaveCount(2);
  await studio.expectPicture(card, 'a photo of a cat');
  await studio.more(card, 'Copy prompt');
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });
  test('the model says in Chinese what it was trained on', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('contentinfo').getByText(/没有见过真实照片/)).toBeVisible();
    await page.getByRole('button', { name: /^模型：/ }).click();
    await expect(page.getByRole('dialog', { name: '关于模型' })).toContainText('没有见过真实照片');
  });
});
