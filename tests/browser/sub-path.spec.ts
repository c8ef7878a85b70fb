import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { findNginx, startNginx } from '../support/nginx';
import { freePort, start, type Installation } from './installation';
import { plainPicture, Studio } from './studio';

/**
 * The site below a path of its host, behind nginx as it comes: buffering on, HTTP/1.0 to the server. It costs a build of
 * the pages for that path.
 */

const nginx = findNginx();
test.skip(nginx === null, 'There is no nginx. Install it, or name it in NGINX_PATH.');

const base = '/studio';
let folder: string;
let installation: Installation;
let proxy: { stop: () => Promise<void> };
/** Of the proxy that passes the path on, and of the one that takes it off. */
let kept: string;
let stripped: string;

test.beforeAll(async () => {
  test.setTimeout(600_000);
  folder = await mkdtemp(path.join(tmpdir(), 'studio-sub-path-'));
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  installation = await start(path.join(folder, 'home'), ports[0], { BASE_PATH: base, TRUST_PROXY: '1' });
  const server = (port: number, location: string) =>
    `server { listen 127.0.0.1:${port}; client_max_body_size 32m; gzip on; gzip_types *;
       proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; ${location} }`;
  proxy = await startNginx(
    nginx!,
    path.join(folder, 'nginx'),
    server(ports[1], `location ${base} { proxy_pass http://127.0.0.1:${ports[0]}; }`) +
      server(ports[2], `location ${base}/ { proxy_pass http://127.0.0.1:${ports[0]}/; }`),
    [ports[1], ports[2]],
  );
  kept = `http://127.0.0.1:${ports[1]}`;
  stripped = `http://127.0.0.1:${ports[2]}`;
});
test.afterAll(async () => {
  await proxy?.stop();
  await installation?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A page on which whatever leads past the base is noted, and whatever is not found. */
async function open(browser: Browser, baseURL: string): Promise<{ page: Page; astray: string[] }> {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  const astray: string[] = [];
  page.on('response', (response) => {
    const url = new URL(response.url());
    if (url.protocol !== 'http:' || url.origin !== baseURL) return;
    const inside = url.pathname === base || url.pathname.startsWith(`${base}/`);
    if (!inside || response.status() === 404) astray.push(`${response.status()} ${url.pathname}`);
  });
  return { page, astray };
}

for (const style of ['kept', 'stripped'] as const)
  test(`pages, files, jobs and their events with the path ${style} by the proxy`, async ({ browser }) => {
    const site = style === 'kept' ? kept : stripped;
    const { page, astray } = await open(browser, site);
    const studio = new Studio(page);
    await studio.open(`${base}/`);
    for (const picture of await page.locator('main img').all())
      await expect
        .poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth))
        .toBeGreaterThan(0);
    await studio.submit('a photo of two red apples');
    await studio.expectPicture(
      studio.card('Generate', 'a photo of two red apples'),
      'a photo of two red apples',
    );
    // An upload, shown once the server has it.
    await studio.choose('Ask');
    await studio.pick(await plainPicture());
    await expect(studio.form.locator('img')).toHaveAttribute('src', new RegExp(`^${base}/api/images/`));
    await page.getByRole('button', { name: /^Language/ }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
    await page.getByRole('link', { name: '评测' }).first().click();
    await expect(page).toHaveURL(`${site}${base}/runs`);
    await page.reload();
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
    // The public is sent to sign in and would come back.
    await page.goto(`${base}/team`);
    await expect(page).toHaveURL(`${site}${base}/sign-in?next=/team`);
    for (const { name, path: of } of await page.context().cookies()) expect([name, of]).toEqual([name, base]);
    expect(astray).toEqual([]);
    expect((await page.goto(`${base}/nothing`))?.status()).toBe(404);
    await page.context().close();
  });

test('links that are told lead to the site, and accounts work there', async ({ browser }) => {
  expect(installation.said).toContain(
    `is ready at http://localhost:${new URL(installation.address).port}${base}\n`,
  );
  const [, first = ''] = /(\/studio\/join\/[\w-]{43})/.exec(installation.said) ?? [];
  const { page, astray } = await open(browser, kept);
  await page.goto(first);
  await page.getByLabel('Your name').fill('Ada');
  await page.getByLabel('Email address').fill('ada@studio.test');
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).toHaveURL(`${kept}${base}/team`);
  await page.getByRole('button', { name: 'Create link' }).click();
  const link = page.getByRole('textbox', { name: 'Link', exact: true });
  await expect(link).toHaveValue(new RegExp(`^${kept}${base}/join/`));
  for (const { name, path: of } of await page.context().cookies()) expect([name, of]).toEqual([name, base]);
  // Out, to the site's own first page.
  await page.getByRole('button', { name: /^Account of Ada/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(new RegExp(`^${kept}${base}/?$`));
  expect(astray).toEqual([]);
  await page.context().close();
});

test('programs get links and events through the proxy, unbuffered', async ({ browser }) => {
  const { page, astray } = await open(browser, kept);
  await page.goto(`${base}/developers`);
  const api = `${kept}${base}/api/v1`;
  await expect(page.getByText(api, { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('region', { name: /^Call:/ })).toContainText(api);
  expect(astray).toEqual([]);
  const post = (route: string, body: object, headers = {}) =>
    page.request.post(`${base}/api/${route}`, { data: body, headers });
  const made = await post('trpc/keys.create', { json: { name: 'proxy' } });
  const { secret } = ((await made.json()) as { result: { data: { json: { secret: string } } } }).result.data
    .json;
  const authorization = { authorization: `Bearer ${secret}` };
  for (const site of [kept, stripped]) {
    const answer = await fetch(`${site}${base}/api/v1/images/generations`, {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a photo of a cat', response_format: 'url' }),
    });
    const { data } = (await answer.json()) as { data: { url: string }[] };
    expect(data[0]?.url).toMatch(new RegExp(`^${site}${base}/api/images/[0-9a-f]{64}\\?visitor=[\\w-]+$`));
    expect((await fetch(data[0]!.url)).headers.get('content-type')).toBe('image/png');
    const document = (await (await fetch(`${site}${base}/api/v1/openapi.json`)).json()) as object;
    expect(document).toMatchObject({ servers: [{ url: `${site}${base}/api/v1` }] });
    // The first words of a stream come before its last.
    const stream = await fetch(`${site}${base}/api/v1/images/generations`, {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a photo of a dog', steps: 50, stream: true, partial_images: 1 }),
    });
    const parts: string[] = [];
    const reader = stream.body!.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read())
      parts.push(Buffer.from(next.value).toString());
    expect(parts[0]).not.toContain('completed');
    expect(parts.join('')).toContain('image_generation.completed');
    expect((await fetch(`${site}${base}/api/health`)).status).toBe(200);
  }
  await page.context().close();
});
