import { expect, test, type Page } from '@playwright/test';
import sharp from 'sharp';
import { pictureWithSettings, plainPicture, Studio } from './studio';

test('a double click sends one request', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.prompt.fill('a photo of a dog');
  await studio.send.dblclick();
  const card = studio.card('Generate', 'a photo of a dog');
  await studio.expectPicture(card, 'a photo of a dog');
  await page.reload();
  await expect(studio.results.getByRole('article')).toHaveCount(1);
});

const truncated = async () => (await plainPicture('jpeg')).buffer.subarray(0, 300);
const animated = async () => {
  const frames = ['red', 'green'].map((background) =>
    sharp({ create: { width: 16, height: 16, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .webp()
    .toBuffer();
};

test('an upload that the server refuses says so beside the picture, and the next one is taken', async ({
  page,
}) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.choose('Edit');
  await studio.pick({ name: 'half.jpeg', mimeType: 'image/jpeg', buffer: await truncated() });
  await expect(studio.error).toContainText(/\S/);
  await expect(studio.form.getByRole('img')).toHaveCount(0);
  await studio.pick(await plainPicture());
  await expect(studio.form.getByRole('img', { name: 'The selected image' })).toBeVisible();
  await expect(studio.error).toBeHidden();
});

/** The size of the image in the form, as the server keeps it. */
const keptSize = async (page: Page, studio: Studio) => {
  const image = studio.form.getByRole('img', { name: 'The selected image' });
  await expect(image).toHaveAttribute('src', /\/api\/images\//);
  const address = new URL((await image.getAttribute('src')) ?? '', page.url());
  const { width, height, format } = await sharp(
    await (await page.request.get(address.href)).body(),
  ).metadata();
  return { width, height, format };
};

test('a photo of 48 megapixels is scaled before it is sent, upright, and the form says so', async ({
  page,
}) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.choose('Ask');
  const background = { r: 40, g: 90, b: 160 };
  const buffer = await sharp({ create: { width: 8000, height: 6000, channels: 3, background } })
    .jpeg({ quality: 60 })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  await studio.pick({ name: 'phone.jpg', mimeType: 'image/jpeg', buffer });
  await expect(studio.form.getByRole('status')).toHaveText('Scaled from 48 to 16 megapixels.');
  expect(await keptSize(page, studio)).toEqual({ width: 3464, height: 4619, format: 'jpeg' });
  await studio.form.getByRole('button', { name: 'Remove the image' }).click();
  await expect(studio.form.getByRole('status')).toBeHidden();
});

test('of a moving image the first frame is taken, if it is wanted', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.choose('Ask');
  await studio.pick({ name: 'moving.webp', mimeType: 'image/webp', buffer: await animated() });
  await studio.form.getByRole('button', { name: 'Use the first frame' }).click();
  await expect(studio.form.getByRole('status')).toHaveText('First frame of the WebP.');
  await expect(studio.error).toBeHidden();
  expect(await keptSize(page, studio)).toEqual({ width: 16, height: 16, format: 'png' });
});

for (const format of ['gif', 'avif'] as const) {
  test(`a still ${format} is taken, whatever it is called`, async ({ page }) => {
    const studio = new Studio(page);
    await studio.open();
    await studio.choose('Ask');
    const buffer = await sharp((await plainPicture()).buffer)
      .toFormat(format)
      .toBuffer();
    await studio.pick({ name: 'picture.png', mimeType: 'image/png', buffer });
    await expect(studio.form.getByRole('img', { name: 'The selected image' })).toBeVisible();
    expect((await keptSize(page, studio)).format).toBe(format === 'gif' ? 'png' : 'jpeg');
    await expect(studio.error).toBeHidden();
  });
}

for (const format of ['png', 'jpeg', 'webp'] as const) {
  test(`a ${format} picture is taken, can be asked about and removed`, async ({ page }) => {
    const studio = new Studio(page);
    await studio.open();
    await studio.choose('Ask');
    await studio.pick(await plainPicture(format));
    await expect(studio.form.getByRole('img', { name: 'The selected image' })).toBeVisible();
    await studio.submit('what is in the center?');
    const card = studio.card('Ask', 'what is in the center?');
    await studio.expectState(card, 'Done');
    await expect(card.getByRole('img', { name: 'The image the question is about' })).toBeVisible();
    await studio.form.getByRole('button', { name: 'Remove the image' }).click();
    await expect(studio.form.getByRole('img')).toHaveCount(0);
  });
}

test('a picture can be pasted', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  const { buffer } = await plainPicture();
  await studio.prompt.evaluate(
    (element, bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }));
      element.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    },
    [...buffer],
  );
  await expect(studio.form.getByRole('radio', { name: 'Edit' })).toBeChecked();
  await expect(studio.form.getByRole('img', { name: 'The selected image' })).toBeVisible();
});

/** Drags a file over the page and drops it on what has the words, or on the page itself. */
async function drop(
  page: Page,
  file: { name: string; mimeType: string; buffer: Buffer },
  words?: string,
): Promise<void> {
  const data = await page.evaluateHandle(
    ({ bytes, name, type }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
      return transfer;
    },
    { bytes: [...file.buffer], name: file.name, type: file.mimeType },
  );
  await page.getByRole('main').dispatchEvent('dragover', { dataTransfer: data });
  const target = words ? page.getByText(words) : page.getByRole('main');
  await target.dispatchEvent('drop', { dataTransfer: data });
}

test('a picture can be dropped on what should happen to it', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await drop(page, await plainPicture(), 'Ask about this image');
  await expect(studio.form.getByRole('radio', { name: 'Ask' })).toBeChecked();
  await expect(studio.form.getByRole('img', { name: 'The selected image' })).toBeVisible();
});

test('a picture that carries its settings restores them wherever it is dropped', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.choose('Ask');
  await studio.prompt.fill('typed before');
  const file = await pictureWithSettings({
    task: 'generate',
    prompt: 'a photo of a red kite',
    parameters: { width: 320, height: 192, steps: 9, guidance: 1.5, seed: 77 },
  });
  await drop(page, file);
  await expect(studio.prompt).toHaveValue('a photo of a red kite');
  await expect(studio.form.getByRole('radio', { name: 'Generate' })).toBeChecked();
  for (const [label, value] of Object.entries({
    Seed: '77',
    Steps: '9',
    Width: '320',
    'Guidance scale': '1.5',
  }))
    await expect(studio.setting(label)).toHaveValue(value);

  await page.getByRole('button', { name: 'Use as an image instead' }).click();
  await expect(studio.prompt).toHaveValue('typed before');
  await expect(studio.form.getByRole('radio', { name: 'Ask' })).toBeChecked();
  await expect(studio.form.getByRole('img', { name: 'The selected image' })).toBeVisible();
});

test('a picture dropped on an edit is its picture, and its settings are offered', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  const file = await pictureWithSettings({
    task: 'generate',
    prompt: 'a photo of a red kite',
    parameters: { seed: 5 },
  });
  await drop(page, file, 'Edit this image');
  await expect(studio.form.getByRole('img', { name: 'The selected image' })).toBeVisible();
  await expect(studio.form.getByRole('radio', { name: 'Edit' })).toBeChecked();
  await page.getByRole('button', { name: 'Restore its settings' }).click();
  await expect(studio.prompt).toHaveValue('a photo of a red kite');
  await expect(studio.setting('Seed')).toHaveValue('5');
});

test('a picture without settings says so where they are asked for', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await drop(page, await plainPicture(), 'Restore its settings');
  await expect(page.getByText('plain.png contains no settings.')).toBeVisible();
  await expect(studio.prompt).toHaveValue('');
});
