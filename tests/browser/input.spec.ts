import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import { plainPicture, Studio } from './studio';

test('an empty form says what is missing, at its field', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.choose('Edit');
  await studio.send.click();
  await expect(studio.error).toContainText('Choose the picture to edit.');
  await expect(studio.error).toContainText('Write what should change.');
  await expect(studio.prompt).toBeFocused();
  await expect(studio.prompt).toHaveAttribute('aria-invalid', 'true');
  await studio.prompt.fill('make it red');
  await expect(studio.error).toBeHidden();
});

test('a prompt of 10,000 characters is refused with the limit', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.submit('x'.repeat(10_000));
  await expect(studio.error).toContainText(/10,000 characters: write at most [\d,]+/);
  await expect(studio.results).toHaveCount(0);
});

test('numbers out of range are refused at their field', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.settings({ Steps: 100_000, Width: 257 });
  await expect(page.getByText(/^Steps must be a whole number from \d+ to \d+\.$/)).toBeVisible();
  await expect(page.getByText(/^Width must be a multiple of \d+ from [\d,]+ to [\d,]+\.$/)).toBeVisible();
  await studio.submit('a photo of a dog');
  await expect(studio.setting('Width')).toBeFocused();
  await expect(studio.results).toHaveCount(0);
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(studio.setting('Steps')).toHaveAttribute('aria-invalid', 'false');
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

const refused = [
  {
    what: 'text',
    name: 'notes.txt',
    mimeType: 'text/plain',
    make: async () => Buffer.from('hello'),
    says: /not a PNG, JPEG or WebP/,
  },
  {
    what: 'text renamed to .png',
    name: 'notes.png',
    mimeType: 'image/png',
    make: async () => Buffer.from('hello'),
    says: /\S/,
  },
  { what: 'a truncated picture', name: 'half.jpeg', mimeType: 'image/jpeg', make: truncated, says: /\S/ },
  { what: 'an animated picture', name: 'moving.webp', mimeType: 'image/webp', make: animated, says: /\S/ },
  {
    what: 'nothing',
    name: 'empty.png',
    mimeType: 'image/png',
    make: async () => Buffer.alloc(0),
    says: /empty/,
  },
  {
    what: 'more than 20 MB',
    name: 'large.png',
    mimeType: 'image/png',
    make: async () => Buffer.alloc(20_000_001),
    says: /at most 20 MB/,
  },
];

for (const { what, name, mimeType, make, says } of refused) {
  test(`an upload of ${what} is refused beside the picture, and the next one is taken`, async ({ page }) => {
    const studio = new Studio(page);
    await studio.open();
    await studio.choose('Edit');
    await studio.pick({ name, mimeType, buffer: await make() });
    await expect(studio.error).toContainText(says);
    await expect(studio.form.getByRole('img')).toHaveCount(0);
    await studio.pick(await plainPicture());
    await expect(studio.form.getByRole('img', { name: 'The chosen picture' })).toBeVisible();
    await expect(studio.error).toBeHidden();
  });
}

for (const format of ['png', 'jpeg', 'webp'] as const) {
  test(`a ${format} picture is taken, can be asked about and removed`, async ({ page }) => {
    const studio = new Studio(page);
    await studio.open();
    await studio.choose('Ask');
    await studio.pick(await plainPicture(format));
    await expect(studio.form.getByRole('img', { name: 'The chosen picture' })).toBeVisible();
    await studio.submit('what is in the center?');
    const card = studio.card('Ask', 'what is in the center?');
    await studio.expectState(card, 'Done');
    await expect(card.getByRole('img', { name: 'The picture that the question is about' })).toBeVisible();
    await studio.form.getByRole('button', { name: 'Remove the picture' }).click();
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
  await expect(studio.form.getByRole('img', { name: 'The chosen picture' })).toBeVisible();
});

test('a picture can be dropped on what should happen to it', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  const { buffer } = await plainPicture();
  const data = await page.evaluateHandle(
    (bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], 'dropped.png', { type: 'image/png' }));
      return transfer;
    },
    [...buffer],
  );
  await page.getByRole('main').dispatchEvent('dragover', { dataTransfer: data });
  await page.getByText('Ask about this picture').dispatchEvent('drop', { dataTransfer: data });
  await expect(studio.form.getByRole('radio', { name: 'Ask' })).toBeChecked();
  await expect(studio.form.getByRole('img', { name: 'The chosen picture' })).toBeVisible();
});
