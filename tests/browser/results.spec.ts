import { expect, test, type Page } from '@playwright/test';
import { Studio } from './studio';

/** A picture, an edit of it, and a question about the edit. */
async function makeThread(page: Page) {
  const studio = new Studio(page);
  await studio.open();
  await studio.settings({ Seed: 3 });
  await studio.submit('a photo of two red apples');
  const made = studio.card('Generate', 'a photo of two red apples');
  await studio.expectPicture(made, 'a photo of two red apples');
  await made.getByRole('button', { name: 'Edit this' }).click();
  await studio.submit('make the apples green');
  const edited = studio.card('Edit', 'make the apples green');
  await studio.expectPicture(edited, 'make the apples green');
  await edited.getByRole('button', { name: 'Ask about this' }).click();
  await studio.submit('how many apples are there?');
  const asked = studio.card('Ask', 'how many apples are there?');
  await studio.expectAnswer(asked, 'two');
  return { studio, made, edited, asked };
}

test('results are walked and used by keys, which rest while somebody types', async ({ page }) => {
  const { studio, made, edited, asked } = await makeThread(page);
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await studio.prompt.fill('');
  await studio.prompt.pressSequentially('?/gjke');
  await expect(studio.prompt).toHaveValue('?/gjke');
  await expect(keys).toBeHidden();

  await studio.prompt.blur();
  await page.keyboard.press('g');
  await expect(asked).toBeFocused();
  await page.keyboard.press('k');
  await expect(edited).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(made).toBeFocused();
  await page.keyboard.press('End');
  await expect(asked).toBeFocused();
  await page.keyboard.press('Home');
  await expect(made).toBeFocused();
  await page.keyboard.press('j');
  await expect(edited).toBeFocused();

  await page.keyboard.press('?');
  await expect(keys).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await expect(edited).toBeFocused();

  const downloading = page.waitForEvent('download');
  await page.keyboard.press('d');
  expect((await downloading).suggestedFilename()).toMatch(/^make-the-apples-green-\d+\.png$/);

  await page.keyboard.press('e');
  await expect(studio.prompt).toBeFocused();
  await expect(studio.prompt).toHaveValue('');
  await expect(studio.form.getByRole('radio', { name: 'Edit' })).toBeChecked();
  await studio.prompt.blur();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(studio.form.getByRole('radio', { name: 'Ask' })).toBeChecked();
  await studio.prompt.blur();
  await page.keyboard.press('1');
  await expect(studio.form.getByRole('radio', { name: 'Generate' })).toBeChecked();
  await page.keyboard.press('/');
  await expect(studio.prompt).toBeFocused();

  await studio.prompt.blur();
  await page.keyboard.press('g');
  await page.keyboard.press('Delete');
  await expect(asked.getByRole('button', { name: 'Delete' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(asked).toBeFocused();
  await page.keyboard.press('Delete');
  await page.keyboard.press('Enter');
  await expect(asked).toHaveCount(0);
  await expect(edited).toBeFocused();
});

test('the enlarged picture is zoomed and left for its neighbours; closing gives the focus back', async ({
  page,
}) => {
  const { studio, made, edited } = await makeThread(page);
  await studio.prompt.blur();
  await made.focus();
  await page.keyboard.press('Enter');
  const large = (name: string) => page.getByRole('dialog', { name, exact: true });
  const first = large('a photo of two red apples');
  await expect(first).toBeVisible();
  const scale = (of = first) =>
    of.getByRole('img').evaluate((image) => new DOMMatrix(getComputedStyle(image).transform).a);
  expect(await scale()).toBe(1);
  await page.keyboard.press('+');
  await expect.poll(() => scale()).toBe(1.5);
  await first.getByRole('img').hover();
  await page.mouse.wheel(0, -240);
  await expect.poll(() => scale()).toBe(3);
  await page.keyboard.press('0');
  await expect.poll(() => scale()).toBe(1);
  await first.getByRole('img').dblclick();
  await expect.poll(() => scale()).toBe(3);
  await page.keyboard.press('Escape');
  await expect(made).toBeFocused();

  await page.keyboard.press(' ');
  await page.keyboard.press('ArrowLeft');
  await expect(first).toBeVisible();
  await page.keyboard.press('ArrowRight');
  const second = large('make the apples green');
  await expect(second).toBeVisible();
  expect(await scale(second)).toBe(1);
  await second.getByRole('button', { name: 'Show the source' }).click();
  await expect(second.getByRole('img', { name: 'The source' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(edited).toBeFocused();

  await page.keyboard.press('Enter');
  await second.getByRole('button', { name: 'Ask about this' }).click();
  await expect(second).toBeHidden();
  await expect(studio.prompt).toBeFocused();
  await expect(studio.form.getByRole('radio', { name: 'Ask' })).toBeChecked();
});

test('a result leads to the one that it came from', async ({ page }) => {
  const { made, edited, asked } = await makeThread(page);
  const from = 'Go to the result this came from';
  await asked.getByRole('button', { name: from }).click();
  await expect(edited).toBeFocused();
  await edited.getByRole('button', { name: from }).click();
  await expect(made).toBeFocused();
  await expect(made).toBeInViewport();
  await expect(made.getByRole('button', { name: from })).toHaveCount(0);
});

test('the settings of a result are used in whole or in part', async ({ page }) => {
  const prompt = 'a photo of a red car';
  const studio = new Studio(page);
  await studio.open();
  await studio.settings({ Seed: 11, Steps: 3 });
  await studio.submit(prompt);
  const card = studio.card('Generate', prompt);
  await studio.expectPicture(card, prompt);
  const start = async () => {
    await studio.prompt.fill('something else');
    await studio.settings({ Seed: 5, Steps: 4 });
  };
  const expectForm = async (text: string, seed: string, steps: string) => {
    await expect(studio.prompt).toHaveValue(text);
    await expect(studio.setting('Seed')).toHaveValue(seed);
    await expect(studio.setting('Steps')).toHaveValue(steps);
    await expect(studio.prompt).toBeFocused();
  };
  for (const [item, text, seed, steps] of [
    ['Use all settings', prompt, '11', '3'],
    ['Use all except the seed', prompt, '', '3'],
    ['Use the prompt only', prompt, '5', '4'],
    ['Use the seed only', 'something else', '11', '4'],
  ] as const) {
    await start();
    await studio.more(card, item);
    await expectForm(text, seed, steps);
  }
});

test('the page speaks Chinese, stages and times included', async ({ page, context, baseURL }) => {
  await context.addCookies([{ name: 'studio_locale', value: 'zh', url: baseURL! }]);
  const messages: string[] = [];
  page.on('console', (message) => messages.push(message.text()));
  await page.goto('/');
  await expect(page.getByRole('heading', { name: /画一张图/ })).toBeVisible();
  await page.getByRole('textbox').first().fill('一张两个红色的苹果的照片');
  await page.getByRole('textbox').first().press('Enter');
  const card = page.getByRole('list', { name: '结果' }).getByRole('article').last();
  await expect(card.getByRole('status')).toHaveText('已完成', { timeout: 90_000 });
  await expect(card.getByRole('button', { name: '编辑此图' })).toBeVisible();
  await expect(card.getByText(/^种子 \d+$/)).toBeVisible();
  await page.reload();
  await expect(card.getByRole('status')).toHaveText('已完成');
  expect(messages.filter((text) => /hydrat|MISSING_MESSAGE|FORMATTING/i.test(text))).toEqual([]);
});
