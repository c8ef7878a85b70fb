import { expect, test } from '@playwright/test';
import { pictureWithSettings, Studio } from './studio';

/** The pages work under their own policy: the browser refuses nothing that they load, draw or run. */
test('no page does what its policy forbids', async ({ page }) => {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/content security policy|permissions-policy|opener-policy/i.test(message.text()))
      refused.push(message.text());
  });
  page.on('pageerror', (error) => refused.push(String(error)));
  for (const path of [
    '/runs',
    '/leaderboard',
    '/leaderboard/geneval',
    '/developers',
    '/sign-in',
    '/r/none',
    '/embed',
  ]) {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
  }
  const studio = new Studio(page);
  await studio.open();
  // Previews, a picture that was dropped and is shown before it is sent, and messages that bring styles of their own.
  await studio.choose('Edit');
  await studio.pick(
    await pictureWithSettings({ task: 'generate', prompt: 'a red apple', parameters: { seed: 7 } }),
  );
  await studio.choose('Generate');
  await studio.submit('a photo of a dog');
  await studio.expectPicture(studio.card('Generate', 'a photo of a dog'), 'a photo of a dog');
  expect(refused).toEqual([]);
});

test('a script that got into a page does not run', async ({ page }) => {
  await page.goto('/sign-in');
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    const holder = document.createElement('div');
    holder.innerHTML = '<img src="data:," onerror="window.ran = true">';
    document.body.append(holder);
    return 'ran' in window;
  });
  expect(ran).toBe(false);
  await page
    .locator('img[src="data:,"]')
    .evaluate((image: HTMLImageElement) => image.decode().catch(() => undefined));
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
});
