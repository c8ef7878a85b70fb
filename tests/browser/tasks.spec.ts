import { expect, test } from '@playwright/test';
import { Studio } from './studio';

const journeys = [
  {
    name: 'in English',
    language: 'EN',
    generate: 'a photo of two red apples',
    edit: 'make the apples green',
    ask: 'how many apples are there?',
    answer: 'two',
  },
  {
    name: 'in Chinese',
    language: '中文',
    generate: '一张两个红色的苹果的照片',
    edit: '把苹果变成绿色',
    ask: '图中有几个苹果？',
    answer: '两个',
  },
] as const;

for (const { name, language, generate, edit, ask, answer } of journeys) {
  test(`generate, edit the result, ask about the edit, ${name}`, async ({ page }) => {
    const studio = new Studio(page);
    await studio.open();
    await studio.language(language);
    await studio.settings({ Seed: 1 });

    await studio.submit(generate);
    const made = studio.card('Generate', generate);
    await studio.expectPicture(made, generate);
    await expect(made.getByText(/^Seed \d+$/)).toBeVisible();

    await made.getByRole('button', { name: 'Edit this' }).click();
    await expect(studio.prompt).toBeFocused();
    await studio.submit(edit);
    const edited = studio.card('Edit', edit);
    await studio.expectPicture(edited, edit);
    // The next instruction goes to the result; one click goes back to the source.
    const chosen = studio.form.getByRole('img', { name: 'The selected image' });
    const result = await edited.getByRole('img', { name: edit }).getAttribute('src');
    await expect(chosen).toHaveAttribute('src', result!);
    await studio.form.getByRole('button', { name: 'Edit the source, not the result' }).click();
    await expect(chosen).not.toHaveAttribute('src', result!);
    await studio.form.getByRole('button', { name: 'Edit the result, not the source' }).click();
    await expect(chosen).toHaveAttribute('src', result!);
    await edited.getByRole('button', { name: 'Show the source' }).click();
    await expect(edited.getByRole('img', { name: 'The source' })).toBeVisible();

    await edited.getByRole('button', { name: 'Ask about this' }).click();
    await studio.submit(ask);
    await studio.expectAnswer(studio.card('Ask', ask), answer);
  });
}

test('the same settings and seed give the same picture; the download is a PNG with the prompt as its name', async ({
  page,
}) => {
  const prompt = 'a photo of three bananas';
  const studio = new Studio(page);
  await studio.open();
  await studio.settings({ Seed: 7 });
  await studio.submit(prompt);
  const first = studio.card('Generate', prompt);
  await studio.expectPicture(first, prompt);
  await first.getByRole('button', { name: 'Use settings' }).click();
  await expect(studio.setting('Seed')).toHaveValue('7');
  await expect(studio.prompt).toHaveValue(prompt);
  await studio.prompt.press('Control+Enter');
  await expect(studio.results.getByRole('article')).toHaveCount(2);
  await studio.expectPicture(studio.results.getByRole('article').last(), prompt);
  const sources = await studio.results
    .getByRole('img', { name: prompt, exact: true })
    .evaluateAll((images: HTMLImageElement[]) => images.map((image) => image.src));
  expect(new Set(sources).size).toBe(1);

  const downloading = page.waitForEvent('download');
  await studio.results.getByRole('link', { name: 'Download' }).last().click();
  expect((await downloading).suggestedFilename()).toBe('a-photo-of-three-bananas-7.png');
});

test('an example fills the form, with its picture, and runs nothing before it is sent', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await page.getByRole('button', { name: /make the apples green/ }).click();
  await expect(studio.form.getByRole('radio', { name: 'Edit' })).toBeChecked();
  await expect(studio.prompt).toHaveValue('make the apples green');
  await expect(studio.form.getByRole('img', { name: 'The selected image' })).toBeVisible();
  await expect(studio.results).toHaveCount(0);
  await studio.send.click();
  await studio.expectPicture(studio.card('Edit', 'make the apples green'), 'make the apples green');
});

test('a question needs no picture', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.choose('Ask');
  await studio.submit('what color is the apple?');
  await studio.expectState(studio.card('Ask', 'what color is the apple?'), 'Done');
});

test('a prompt that is markup is shown as text', async ({ page }) => {
  const prompt = '<img src=x onerror="window.ran = true"><b>bold</b> & "quoted"';
  const studio = new Studio(page);
  await studio.open();
  await studio.submit(prompt);
  const card = studio.card('Generate', prompt);
  await studio.expectPicture(card, prompt);
  await expect(card.getByText(prompt, { exact: true })).toBeVisible();
  await page.reload();
  await expect(card.getByText(prompt, { exact: true })).toBeVisible();
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
});

test('a result can be deleted, and stays deleted', async ({ page }) => {
  const prompt = 'a photo of a dog';
  const studio = new Studio(page);
  await studio.open();
  await studio.submit(prompt);
  const card = studio.card('Generate', prompt);
  await studio.expectPicture(card, prompt);
  await studio.more(card, 'Delete');
  await card.getByRole('button', { name: 'Keep' }).click();
  await studio.delete(card);
  await page.reload();
  await expect(page.getByRole('heading', { name: /Create an image/ })).toBeVisible();
});
