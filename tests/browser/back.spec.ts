import { expect, test, type Page } from '@playwright/test';
import { expectOverlaysInHistory } from './overlays';
import { Studio } from './studio';

/** The browser's Back closes what lies over the page, one at a time, and nothing else. */

/** A page before the demo, as it is for somebody who followed a link. */
async function arrive(page: Page) {
  await page.goto('/developers');
  const studio = new Studio(page);
  await studio.open();
  return studio;
}

const back = (page: Page) => page.evaluate(() => history.back());
const forward = (page: Page) => page.evaluate(() => history.forward());
const entries = (page: Page) => page.evaluate(() => history.length);

test('every dialog of the demo closes by Back, and Escape leaves no entry behind', async ({ page }) => {
  const studio = await arrive(page);
  await studio.submit('a photo of a cat');
  const card = studio.card('Generate', 'a photo of a cat');
  await studio.expectPicture(card, 'a photo of a cat');
  const more = (item: string) => () => studio.more(card, item);
  const press = (name: string) => () => page.getByRole('button', { name, exact: true }).first().click();
  const openers: (() => Promise<void>)[] = [
    () => card.getByRole('button', { name: 'Enlarge' }).click(),
    press('History'),
    press('Examples'),
    press('Keyboard shortcuts'),
    more('Share'),
    more('Origin'),
    more('Report'),
  ];
  const dialog = page.locator('[role=dialog][data-state=open]');
  for (const open of openers) {
    await open();
    await expect(dialog).toHaveCount(1);
    await back(page);
    await expect(dialog).toHaveCount(0);
    await expect(page).toHaveURL(/\/$/);
    await open();
    await expect(dialog).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  }
  // Forward opens nothing and leads nowhere.
  await forward(page);
  await expect(dialog).toHaveCount(0);
  await expect(studio.prompt).toHaveValue('a photo of a cat');
  // No dead entry stands between here and the page before.
  await back(page);
  await expect(page).toHaveURL(/\/developers$/);
});

test('menus, lists and panels close by Back too', async ({ page }) => {
  const studio = await arrive(page);
  await page.setViewportSize({ width: 390, height: 800 });
  await studio.submit('a photo of a dog');
  const card = studio.card('Generate', 'a photo of a dog');
  await studio.expectPicture(card, 'a photo of a dog');
  await card.getByRole('button', { name: 'More' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await back(page);
  await expect(page.getByRole('menu')).toBeHidden();
  await page.getByRole('button', { name: /^Pages, current/ }).click();
  const pages = page.locator('#site-pages');
  await expect(pages).toBeVisible();
  await expectOverlaysInHistory(page, 1);
  await back(page);
  await expect(pages).toBeHidden();
  await studio.form.getByRole('button', { name: 'Settings' }).click();
  await expect(studio.setting('Seed')).toBeVisible();
  await back(page);
  await expect(studio.setting('Seed')).toBeHidden();
  await expect(card).toBeVisible();
  await back(page);
  await expect(page).toHaveURL(/\/developers$/);
});

test('what lies over each other closes from the top, and a reload passes over what is gone', async ({
  page,
}) => {
  const studio = await arrive(page);
  await studio.submit('a photo of a car');
  const card = studio.card('Generate', 'a photo of a car');
  await studio.expectPicture(card, 'a photo of a car');
  const before = await entries(page);
  await page.getByRole('button', { name: 'History' }).click();
  const panel = page.getByRole('dialog', { name: 'History' });
  await panel
    .getByRole('button', { name: /a photo of a car/ })
    .first()
    .click();
  const dialogs = page.locator('[role=dialog][data-state=open]');
  await expect(dialogs).toHaveCount(2);
  await back(page);
  await expect(dialogs).toHaveCount(1);
  await expect(panel).toBeVisible();
  await page.reload();
  await expect(card).toBeVisible();
  await expect(dialogs).toHaveCount(0);
  // The entry of what was open before the reload: the page leaves it once its scripts run.
  await expectOverlaysInHistory(page, 0);
  expect(await entries(page)).toBeLessThanOrEqual(before + 2);
  await back(page);
  await expect(page).toHaveURL(/\/developers$/);
});

test('a dialog in the address closes by Back and is there again after a reload', async ({ page }) => {
  await page.goto('/runs');
  await page.getByRole('row').getByRole('link').first().click();
  await page.getByRole('tab', { name: /^Samples/ }).click();
  await page.locator('[data-tile]').first().click();
  const dialog = page.locator('[role=dialog][data-state=open]');
  await expect(dialog).toHaveCount(1);
  await expect(page).toHaveURL(/sample=/);
  await page.reload();
  await expect(dialog).toHaveCount(1);
  await back(page);
  await expect(dialog).toHaveCount(0);
  await expect(page).not.toHaveURL(/sample=/);
  await expect(page).toHaveURL(/view=samples/);
});
