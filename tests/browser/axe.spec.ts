import { expect, test } from '@playwright/test';
import { expectAccessibleInBothThemes as expectAccessible } from './accessible';
import { Studio } from './studio';

test('every state of the page', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await expectAccessible(page, 'welcome');

  const prompt = 'a photo of two red apples';
  await studio.submit(prompt);
  const card = studio.card('Generate', prompt);
  await studio.expectPicture(card, prompt);
  await expectAccessible(page, 'results');

  await card.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: prompt })).toBeVisible();
  await expectAccessible(page, 'enlarged picture');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectAccessible(page, 'keyboard map');
  await page.keyboard.press('Escape');

  await card.getByRole('button', { name: 'More' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page, 'menu');
  await page.keyboard.press('Escape');

  await card.focus();
  await page.keyboard.press('Delete');
  await expect(card.getByRole('group', { name: 'Delete this result?' })).toBeVisible();
  await expectAccessible(page, 'confirmation');
  await page.keyboard.press('Escape');

  await studio.makeJobsLong();
  // Long enough to be looked at.
  await studio.settings({ Width: 512, Height: 512 });
  await studio.submit('a photo of a cat');
  const running = studio.card('Generate', 'a photo of a cat');
  await expect(running.getByText(/step \d+ of/)).toBeVisible();
  await expectAccessible(page, 'running job');
  // Another one: the first may be done by the time that axe has looked at everything.
  await studio.submit('a photo of a dog');
  const cancelled = studio.card('Generate', 'a photo of a dog');
  await cancelled.getByRole('button', { name: 'Cancel' }).click();
  await studio.expectState(cancelled, 'Cancelled');
  await expectAccessible(page, 'cancelled job');
});

test('a failed job', async ({ page }) => {
  await page.route('**/api/trpc/demo.events*', async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    await route.fulfill({
      response,
      body: text
        .replaceAll('"state":"done"', '"state":"failed"')
        .replaceAll('"error":null', '"error":"The worker process ended."'),
    });
  });
  const studio = new Studio(page);
  await studio.open();
  const prompt = 'a photo of a dog';
  await studio.submit(prompt);
  await studio.expectState(studio.card('Generate', prompt), 'Failed');
  await expect(page.getByText('The worker process ended.')).toBeVisible();
  await expectAccessible(page, 'failed job');
});

test('on a phone, with the settings open', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const studio = new Studio(page);
  await studio.open();
  await studio.form.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('complementary', { name: 'Settings' })).toBeVisible();
  await expectAccessible(page, 'settings');
});

test('without motion an inherited colour arrives at once', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/');
  const colour = await page.evaluate(() => {
    const outer = document.createElement('div');
    const inner = outer.appendChild(document.createElement('span'));
    outer.style.color = 'rgb(0, 0, 255)';
    document.body.append(outer);
    const before = getComputedStyle(inner).color;
    outer.style.color = 'rgb(255, 0, 0)';
    return [before, getComputedStyle(inner).color];
  });
  expect(colour).toEqual(['rgb(0, 0, 255)', 'rgb(255, 0, 0)']);
});
