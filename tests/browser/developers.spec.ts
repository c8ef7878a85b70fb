import { expect, test, type Page } from '@playwright/test';
import { expectAccessibleInBothThemes as expectAccessible } from './accessible';
import sharp from 'sharp';
import { Studio } from './studio';

/** The call in curl that the page shows, as what it sends. */
function readCurl(snippet: string): { url: string; body: Record<string, unknown> } {
  const words = [...snippet.matchAll(/'((?:[^']|'\\'')*)'/g)].map((match) =>
    (match[1] ?? '').replaceAll(`'\\''`, "'"),
  );
  return { url: words[0] ?? '', body: JSON.parse(words.at(-1) ?? '') as Record<string, unknown> };
}

const makeKey = async (page: Page, name: string) => {
  await page.getByLabel('Key name').fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  return page.getByLabel('Key', { exact: true }).inputValue();
};

test('a key is made, a call copied and run, and its picture is in the history', async ({
  page,
  context,
  request,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const studio = new Studio(page);
  await studio.open();
  const prompt = `a photo of a red apple's "twin"`;
  await studio.prompt.fill(prompt);
  await studio.settings({ Steps: 2 });
  await page.goto('/developers');
  const secret = await makeKey(page, 'journey');
  expect(secret).toMatch(/^ngs_[\w-]{43}$/);
  await page.getByRole('button', { name: 'Copy key' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await page.getByRole('button', { name: 'I’ve copied it' }).click();
  await expect(page.getByText(secret)).toHaveCount(0);

  await expect(page.getByRole('region', { name: 'Call: Generate, curl' })).toContainText('red apple');
  await page.getByRole('button', { name: 'Copy call' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toHaveCount(1);
  const { url, body } = readCurl(await page.evaluate(() => navigator.clipboard.readText()));
  expect(body).toMatchObject({ prompt, steps: 2, response_format: 'url' });
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await request.post(url, { headers, data: body, timeout: 120_000 });
  expect(answer.status()).toBe(200);
  const { data } = (await answer.json()) as { data: { url: string }[] };
  const picture = await request.get(data[0]?.url ?? '');
  expect((await sharp(await picture.body()).metadata()).format).toBe('png');

  await page.getByRole('link', { name: 'Back to the demo' }).click();
  await studio.expectPicture(studio.card('Generate', prompt), prompt);

  await page.goto('/developers');
  await page.getByRole('button', { name: 'Revoke journey' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('No keys yet.')).toBeVisible();
  expect((await request.post(url, { headers, data: body })).status()).toBe(401);
});

test('a program that leaves stops its job', async ({ page, baseURL }) => {
  const studio = new Studio(page);
  await studio.open();
  await page.goto('/developers');
  const secret = await makeKey(page, 'leaving');
  const leave = new AbortController();
  const prompt = 'a photo of a green pear';
  // The answer begins when the job is in the queue.
  const answer = await fetch(`${baseURL}/api/v1/images/generations`, {
    method: 'POST',
    signal: leave.signal,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt, steps: 50, size: '512x512', stream: true }),
  });
  expect(answer.status).toBe(200);
  await page.goto('/');
  const card = studio.card('Generate', prompt);
  await expect(card).toBeVisible();
  leave.abort();
  await studio.expectState(card, 'Cancelled');
});

for (const [locale, title] of [
  ['en', 'HTTP API'],
  ['zh', '调用示例'],
] as const)
  test(`nothing hinders in ${locale}`, async ({ page, context, baseURL }) => {
    await context.addCookies([{ name: 'studio_locale', value: locale, url: baseURL }]);
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto('/developers');
      await expect(page.getByRole('heading', { name: title })).toBeVisible();
      await page.locator('#key-name').fill('axe');
      await page.locator('form button[type=submit]').click();
      await expect(page.locator('li button').first()).toBeVisible();
      await expectAccessible(page, `${width} px`);
      await page.locator('li button').first().click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page, `${width} px`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  });
