import { expect, test, type Locator, type Page } from '@playwright/test';
import { Studio } from './studio';

/** Presses Tab until the element has the focus, as a person without a mouse does. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  await expect(target).toBeFocused();
}

test('everything can be done with the keyboard alone', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();

  await tabTo(page, studio.form.getByRole('radio', { name: 'Generate' }));
  await page.keyboard.press('ArrowRight');
  await expect(studio.form.getByRole('radio', { name: 'Edit' })).toBeChecked();
  await page.keyboard.press('ArrowLeft');
  await tabTo(page, studio.prompt);
  await page.keyboard.type('a photo of a');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('red apple');
  await expect(studio.prompt).toHaveValue('a photo of a\nred apple');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('a photo of a red apple');

  await tabTo(page, studio.setting('Steps'));
  const steps = Number(await studio.setting('Steps').inputValue());
  await page.keyboard.press('ArrowUp');
  await expect(studio.setting('Steps')).toHaveValue(String(steps + 1));
  await tabTo(page, studio.prompt, 'Shift+Tab');
  await page.keyboard.press('Enter');
  const card = studio.card('Generate', 'a photo of a red apple');
  await studio.expectPicture(card, 'a photo of a red apple');

  await tabTo(page, card.getByRole('button', { name: 'Ask about this' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(studio.prompt).toBeFocused();
  await page.keyboard.type('what color is the apple?');
  await page.keyboard.press('Enter');
  await studio.expectState(studio.card('Ask', 'what color is the apple?'), 'Done');

  await tabTo(page, card.getByRole('button', { name: 'Enlarge' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'a photo of a red apple' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'a photo of a red apple' })).toBeHidden();
});

for (const width of [360, 390, 768, 1024, 1440, 2560]) {
  test(`nothing is cut off or scrolls sideways at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 780 });
    const studio = new Studio(page);
    await studio.open();
    await expect(studio.send).toBeInViewport({ ratio: 1 });
    const panel = page.getByRole('complementary', { name: 'Settings' });
    if (width < 1024) {
      await expect(panel).toBeHidden();
      await studio.form.getByRole('button', { name: 'Settings' }).click();
    }
    await expect(panel).toBeVisible();
    await expect(studio.send).toBeInViewport({ ratio: 1 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await studio.form.getByRole('button', { name: 'Settings' }).click();
    await expect(panel).toBeHidden();
  });
}

test('no page scrolls sideways on the narrowest phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/runs');
  const runs = await page
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  const ids = runs.flatMap((href) => /^\/runs\/([0-9a-f-]{36})$/.exec(href)?.[1] ?? []);
  const [first, second] = ids;
  expect(first && second).toBeTruthy();
  for (const path of [
    ...['/', '/embed', '/leaderboard', '/leaderboard/geneval', '/leaderboard/ablations', '/runs'],
    ...[`/runs/${first}`, `/runs/${first}?view=samples`, `/runs/compare?first=${first}&second=${second}`],
    ...['/developers', '/sign-in', '/nothing-here'],
  ]) {
    await page.goto(path);
    await expect(page.getByRole('main')).toBeVisible();
    const over = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await expect.poll(over, { message: path }).toBeLessThanOrEqual(0);
  }
});

test('on a phone: an example is sent and its picture is seen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const studio = new Studio(page);
  await studio.open();
  await page
    .getByRole('main')
    .getByRole('button', { name: /a photo of two red apples/ })
    .click();
  await studio.send.click();
  const card = studio.card('Generate', 'a photo of two red apples');
  await studio.expectPicture(card, 'a photo of two red apples');
  await expect(card.getByRole('button', { name: 'Edit this' })).toBeInViewport({ ratio: 1 });
});

test('the theme is the system’s until another is chosen, and the choice stays', async ({ page }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  const studio = new Studio(page);
  await studio.open();
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.getByRole('button', { name: /^Theme: system/ }).click();
  expect(await background()).toBe(light);
  await page.reload();
  await expect(page.getByRole('button', { name: /^Theme: light/ })).toBeVisible();
  expect(await background()).toBe(light);
});

test('the model says what it is', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await page.getByRole('button', { name: /^Model: / }).click();
  const about = page.getByRole('dialog', { name: 'About the model' });
  await expect(about).toBeVisible();
  for (const term of ['Version', 'Device', 'Manifest'])
    await expect(about.getByText(term, { exact: true })).toBeVisible();
});

test('an address without a page leads back', async ({ page }) => {
  await page.goto('/no-such-page');
  await page.getByRole('link', { name: 'Go to the demo' }).click();
  await expect(page.getByRole('form', { name: 'New request' })).toBeVisible();
});

test('the page changes its language at once, and what was typed stays', async ({ page, context }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.choose('Edit');
  await studio.prompt.fill('make it red');
  await studio.send.click();
  await expect(studio.error).toHaveText('Choose the image to edit.');
  await page.getByRole('button', { name: /^Language: English/ }).click();

  const form = page.getByRole('form', { name: '新任务' });
  await expect(form.getByRole('alert')).toHaveText('请选择要编辑的图片。');
  await expect(form.getByRole('textbox', { name: '编辑要求' })).toHaveValue('make it red');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  await expect(
    page.getByRole('complementary', { name: '参数' }).getByLabel('步数', { exact: true }),
  ).toBeVisible();
  expect((await context.cookies()).find(({ name }) => name === 'studio_locale')?.value).toBe('zh');

  await page.goto('/no-such-page');
  await expect(page).toHaveTitle('页面不存在 · Nexus-Gen Studio');
  await page.getByRole('link', { name: '前往演示页' }).click();
  await expect(form).toBeVisible();
  await page.getByRole('button', { name: /^页面语言：中文/ }).click();
  await expect(studio.form).toBeVisible();
});

test('a browser that asks for Chinese gets it', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ locale: 'zh-CN', baseURL });
  const page = await context.newPage();
  await page.goto('/');
  await expect(page.getByRole('form', { name: '新任务' })).toBeVisible();
  await context.close();
});

test('an example shows its stored result at once, and nothing runs', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.form.getByRole('button', { name: 'Examples' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /make the apples green/ })
    .click();
  const shown = page.getByRole('region', { name: 'Example, made with these settings' });
  await expect(shown.getByRole('img', { name: 'The example’s result: make the apples green' })).toBeVisible();
  await expect(studio.setting('Seed')).toHaveValue('1');
  await expect(studio.results).toHaveCount(0);
  // It is the result of these settings only.
  await studio.settings({ Seed: 2 });
  await expect(shown).toBeHidden();
  await studio.settings({ Seed: 1 });
  await shown.getByRole('button', { name: 'Edit it yourself' }).click();
  await studio.expectPicture(studio.card('Edit', 'make the apples green'), 'make the apples green');
  await expect(shown).toBeHidden();
});
