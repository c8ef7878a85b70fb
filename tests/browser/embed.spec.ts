import { once } from 'node:events';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type FrameLocator, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';

/** The demo in a frame of another site, as hubs of models show it: `localhost` and `127.0.0.1` are two sites. */

let host: Server;
/** Says that the browser came by HTTPS, as a proxy that ends TLS does. */
let secure: Server;
const portOf = (server: Server) => (server.address() as AddressInfo).port;

test.beforeAll(async ({ baseURL }) => {
  const own = new URL(baseURL!);
  const page = (src: string) =>
    `<!doctype html><html lang="en"><title>Hub</title><main aria-label="Hub"><h1>A hub of models</h1>
     <iframe title="Studio" src="${src}" width="900" height="700" allow="clipboard-write"></iframe></main>`;
  host = createServer((request, response) => {
    const { searchParams } = new URL(request.url!, 'http://localhost');
    const base = searchParams.has('secure') ? `http://127.0.0.1:${portOf(secure)}` : own.origin;
    const src = `${base}${searchParams.get('path') ?? '/embed'}`;
    const text = searchParams.has('sandbox')
      ? page(src).replace('allow=', 'sandbox="allow-scripts" allow=')
      : page(src);
    response.setHeader('content-type', 'text/html').end(text);
  });
  secure = createServer((request, response) => {
    const headers = { ...request.headers, 'x-forwarded-proto': 'https' };
    const { method, url } = request;
    const asked = forward({ host: own.hostname, port: own.port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  });
  for (const server of [host, secure]) await once(server.listen(0, '127.0.0.1'), 'listening');
});
test.afterAll(() => {
  for (const server of [host, secure]) {
    server.closeAllConnections();
    server.close();
  }
});

const hub = (query = '') => `http://localhost:${portOf(host)}/${query}`;
const frameOf = (page: Page): FrameLocator => page.frameLocator('iframe');
const results = (frame: FrameLocator) => frame.getByRole('list', { name: 'Results' }).getByRole('article');

async function ready(frame: FrameLocator): Promise<void> {
  await expect(frame.getByRole('button', { name: /^Model: .*Ready$/ })).toBeVisible({ timeout: 60_000 });
  await expect(frame.getByRole('button', { name: 'Generate', exact: true })).toHaveAttribute(
    'type',
    'submit',
  );
}

/** Sends a job and sees its end by its own stream. */
async function generate(frame: FrameLocator, prompt: string): Promise<void> {
  await frame.getByRole('form', { name: 'New request' }).getByRole('textbox').fill(prompt);
  await frame.getByRole('button', { name: 'Generate', exact: true }).click();
  const card = results(frame).filter({ hasText: prompt });
  await expect(card.getByRole('status')).toHaveText('Done', { timeout: 90_000 });
  await expect(card.getByRole('img', { name: prompt, exact: true })).toBeVisible();
}

test('without cookies a job is sent and followed, and a reload keeps it', async ({
  playwright,
  launchOptions,
}) => {
  // As the browser comes: Playwright's list of features that are off, of which the last counts, has the one that gives
  // frames of other sites a storage of their own.
  const args = [...(launchOptions.args ?? []), '--disable-features=Translate'];
  const browser = await playwright.chromium.launch({ ...launchOptions, args });
  // The whole frame is in sight: what scrolls under the mouse would leave an open menu.
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 1000 } })).newPage();
  const streams: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/demo.events')) streams.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(hub());
  const frame = frameOf(page);
  await ready(frame);
  // Nothing leads to another page within the frame.
  const links = frame.getByRole('link');
  for (const link of await links.all()) await expect(link).toHaveAttribute('target', '_blank');
  await expectAccessible(page, 'the framed demo', { frames: true });
  await generate(frame, 'a photo of two red apples');
  expect(streams.length).toBeGreaterThan(0);
  for (const line of streams) expect(line).toMatch(/^200 .*connectionParams=/);
  expect(await page.context().cookies()).toEqual([]);
  await page.reload();
  await ready(frame);
  await expect(results(frame)).toHaveCount(1);
  // A file of one's own comes too, though no address says whose it is.
  await results(frame).getByRole('button', { name: 'More' }).click();
  await frame.getByRole('menuitem', { name: 'Download', exact: true }).press('Enter');
  const saved = page.waitForEvent('download');
  await frame.getByRole('menuitem', { name: 'Export conversation' }).press('Enter');
  expect((await saved).suggestedFilename()).toMatch(/^conversation-.*\.zip$/);
  await browser.close();
});

test('by HTTPS the cookie of the frame comes back, kept apart for the site around it', async ({
  page,
  context,
}) => {
  await page.goto(hub('?secure'));
  const frame = frameOf(page);
  await ready(frame);
  await generate(frame, 'a photo of a dog');
  const cookies = await context.cookies(`http://127.0.0.1:${portOf(secure)}`);
  expect(cookies).toEqual([
    expect.objectContaining({ name: 'studio_embed', httpOnly: true, secure: true, sameSite: 'None' }),
  ]);
  expect(cookies[0]).toMatchObject({ partitionKey: expect.stringContaining('localhost') });
  await page.reload();
  await ready(frame);
  await expect(results(frame)).toHaveCount(1);
  await expect(frame.getByText('This browser stores nothing for this page')).toHaveCount(0);
});

test('a page that can keep nothing says so, and works until it is left', async ({ page }) => {
  // As browsers do that refuse storage to frames of other sites; by HTTP they get no cookie either.
  await page.addInitScript(() => {
    if (window.top === window) return;
    const refuse = () => {
      throw new DOMException('Access is denied for this document.', 'SecurityError');
    };
    for (const name of ['sessionStorage', 'localStorage'])
      Object.defineProperty(window, name, { get: refuse });
  });
  await page.goto(hub());
  const frame = frameOf(page);
  await ready(frame);
  await generate(frame, 'a photo of a cat');
  await expect(frame.getByText('This browser stores nothing for this page')).toBeVisible();
});

test('a sandbox that keeps the page from its server is named', async ({ page }) => {
  await page.goto(hub('?sandbox'));
  await expect(frameOf(page).getByText('its sandbox lacks allow-same-origin')).toBeVisible();
});

test('no other page, route or file of the site stands in a frame', async ({ page, request }) => {
  const nobody = { 'content-security-policy': expect.stringContaining("frame-ancestors 'none'") };
  const paths = [
    '/',
    '/runs',
    '/leaderboard',
    '/developers',
    '/sign-in',
    '/account',
    '/r/none',
    '/nothing/here',
  ];
  const others = [
    '/embed/account',
    '/embedded',
    '/api/health',
    '/api/v1/models',
    '/api/images/x',
    '/api/nothing',
  ];
  const files = ['/examples/two-red-apples.png', '/_next/nothing.js', '/icon.svg', '/%'];
  for (const path of [...paths, ...others, ...files, '/api/trpc/demo.model', '/api/trpc/none'])
    expect((await request.get(path, { maxRedirects: 0 })).headers(), path).toMatchObject(nobody);
  const framed = await request.get('/embed?from=x');
  expect(framed.headers()).not.toHaveProperty('x-frame-options');
  expect(framed.headers()['content-security-policy'] ?? '').not.toContain('frame-ancestors');
  // As the browser sees it.
  const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
  await page.goto(hub('?path=/sign-in'));
  await refused;
  await expect(frameOf(page).getByLabel('Password', { exact: true })).toHaveCount(0);
});
