import { expect, test, type Page } from '@playwright/test';
import { holdScripts, slowDown } from './network';
import { plainPicture, Studio } from './studio';

/** What a person does before the page listens, on a slow connection. */

const keptSign = (page: Page) => page.locator('html[data-kept]');

for (const how of ['Enter', 'a click'] as const) {
  test(`${how} on a slow connection is kept, shown and sent once`, async ({ page }) => {
    await slowDown(page);
    const studio = new Studio(page);
    const prompt = `a photo of a red apple, by ${how}`;
    await page.goto('/', { waitUntil: 'commit' });
    await studio.prompt.fill(prompt);
    // Once more, as one does where nothing seems to happen.
    for (let i = 0; i < 2; i += 1)
      await (how === 'Enter' ? studio.prompt.press('Enter') : studio.send.click());
    await expect(keptSign(page)).toHaveCount(1);
    await expect(studio.send).toHaveAttribute('aria-busy', 'true');
    await studio.expectPicture(studio.card('Generate', prompt), prompt);
    await expect(keptSign(page)).toHaveCount(0);
    await page.reload({ waitUntil: 'commit' });
    await expect(studio.results.getByRole('article')).toHaveCount(1);
  });
}

test('a task chosen, a text typed and Enter pressed before the page listens arrive in this order', async ({
  page,
}) => {
  const studio = new Studio(page);
  const arrive = await holdScripts(page);
  await page.goto('/', { waitUntil: 'commit' });
  await studio.form.getByText('Ask', { exact: true }).click();
  await studio.prompt.fill('how many apples are there?');
  await studio.prompt.press('Enter');
  arrive();
  await studio.expectState(studio.card('Ask', 'how many apples are there?'), 'Done');
  await expect(studio.form.getByRole('radio', { name: 'Ask' })).toBeChecked();
  await expect(studio.results.getByRole('article')).toHaveCount(1);
});

test('menus, dialogs, the theme and the language open and change although they were pressed early', async ({
  page,
}) => {
  for (const [button, seen] of [
    ['History', () => page.getByRole('dialog', { name: 'History' })],
    ['Examples', () => page.getByRole('dialog', { name: 'Fill the form with an example' })],
    [/^Theme: system/, () => page.locator('html[data-theme="light"]')],
    [/^Language: /, () => page.locator('html[lang="zh"]')],
  ] as const) {
    const arrive = await holdScripts(page);
    await page.goto('/', { waitUntil: 'commit' });
    await page.getByRole('button', { name: button }).first().click();
    arrive();
    await expect(seen()).toHaveCount(1);
    await page.unrouteAll({ behavior: 'wait' });
  }
});

test('a picture dropped early is taken, and the page stays', async ({ page }) => {
  const studio = new Studio(page);
  const { buffer } = await plainPicture();
  const arrive = await holdScripts(page);
  await page.goto('/', { waitUntil: 'commit' });
  await expect(studio.prompt).toBeVisible();
  const dataTransfer = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'early.png', { type: 'image/png' }));
    return data;
  }, buffer.toString('base64'));
  await page.getByRole('main').dispatchEvent('dragover', { dataTransfer });
  await page.getByText('Ask about this image').dispatchEvent('drop', { dataTransfer });
  arrive();
  await expect(studio.form.getByRole('radio', { name: 'Ask' })).toBeChecked();
  await expect(studio.form.getByRole('img', { name: 'The selected image' })).toBeVisible();
});

test('a sign-in that was filled in and sent early is answered', async ({ page }) => {
  const arrive = await holdScripts(page);
  await page.goto('/sign-in', { waitUntil: 'commit' });
  const form = page.getByRole('form');
  await form.getByLabel('Email').fill('nobody@studio.test');
  const password = form.getByLabel('Password', { exact: true });
  await password.fill('not the password');
  await password.press('Enter');
  arrive();
  await expect(form.getByRole('alert')).toBeVisible();
  await expect(form.getByLabel('Email')).toHaveValue('nobody@studio.test');
});

test('a list in the address is filtered by what was typed and chosen early', async ({ page }) => {
  const arrive = await holdScripts(page);
  await page.goto('/runs', { waitUntil: 'commit' });
  await page.getByRole('searchbox').fill('nano');
  await page.getByRole('combobox', { name: 'State' }).click();
  arrive();
  await expect(page.getByRole('listbox')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/q=nano/);
});

test('a part that does not arrive says so, costs nothing else, and comes when there is a network', async ({
  page,
  context,
}) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.prompt.fill('kept');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'History' }).click();
  const missing = page.getByText('This part of the page could not be loaded.');
  await expect(missing).toBeVisible();
  await expect(studio.prompt).toHaveValue('kept');
  await context.setOffline(false);
  await expect(page.getByRole('dialog', { name: 'History' })).toBeVisible();
  await expect(missing).toBeHidden();
});

test('what is typed and sent while another is being sent is neither lost nor overwritten', async ({
  page,
}) => {
  const studio = new Studio(page);
  await studio.open();
  let answer = () => undefined as void;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/trpc/**', async (route) => {
    if (route.request().url().includes('demo.submit')) await answered;
    await route.continue();
  });
  await studio.submit('a photo of a cat');
  await studio.submit('a photo of a dog');
  await studio.prompt.press('Enter');
  answer();
  for (const thing of ['cat', 'dog'])
    await studio.expectPicture(studio.card('Generate', `a photo of a ${thing}`), `a photo of a ${thing}`);
  await expect(studio.results.getByRole('article')).toHaveCount(2);
  await expect(studio.prompt).toHaveValue('a photo of a dog');
});
