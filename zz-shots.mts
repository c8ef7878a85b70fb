import { chromium } from '@playwright/test';
process.env.STUDIO_TEST_HOME = '/tmp/home-review-work';
process.env.STUDIO_TEST_PORT = '3015';
const { signIn } = await import('./tests/browser/sign-in');
const { makeBenchmark, makeRun, makeQueue, wholeRubric, verdictRubric } = await import('./tests/browser/review-data');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const base = 'http://127.0.0.1:3015';
const which = process.argv.slice(2);
const shots = async (name: string, path: string, cookies: any, act?: (page: any) => Promise<void>, combos = [[1440, 900, 'light', 'en'], [390, 844, 'dark', 'zh']] as any) => {
  for (const [width, height, colorScheme, lang] of combos) {
    const context = await browser.newContext({ baseURL: base, viewport: { width, height }, colorScheme, hasTouch: width < 500, isMobile: width < 500 });
    await context.addCookies([...cookies, { name: 'studio_locale', value: lang, url: base }]);
    const page = await context.newPage();
    page.on('console', (m) => m.type() === 'error' && console.log('console:', m.text()));
    page.on('pageerror', (e) => console.log('pageerror:', e.message));
    await page.goto(path);
    await page.waitForSelector('[data-saving]');
    await page.waitForTimeout(2500);
    if (act) await act(page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `/tmp/shots-rw/${name}-${width}-${colorScheme}-${lang}.png` });
    await context.close();
  }
};
const first = await browser.newContext({ baseURL: base });
const page = await first.newPage();
await signIn(page, 'reviewer', 'Lin');
const cookies = await first.cookies();
const instructions = 'Judge what you see, not what the model meant.\nCount carefully: an apple that is cut off at the edge counts too.';
const edit = await makeBenchmark('edit', 12);
const gen = await makeBenchmark('generate', 12);
const ask = await makeBenchmark('understand', 12);
const [e1, e2, g1, g2, a1, a2] = [await makeRun(edit, 'nano', '#2c7a33'), await makeRun(edit, 'v2', '#b0a020'), await makeRun(gen, 'nano', '#c0281c'), await makeRun(gen, 'v2', '#2040c0'), await makeRun(ask, 'nano', 'x'), await makeRun(ask, 'v2', 'x')];
const q = {
  edit: await makeQueue(page, { from: 'run', runId: e1 }, { rubric: { ...wholeRubric, comment: 'optional' }, instructions, name: 'Edits of nexus-gen-nano, failures of colour' }),
  verdict: await makeQueue(page, { from: 'run', runId: g1 }, { rubric: verdictRubric, name: 'Failures of counting' }),
  pair: await makeQueue(page, { from: 'pair', firstRunId: g1, secondRunId: g2 }, { name: 'nano against V2', instructions }),
  editpair: await makeQueue(page, { from: 'pair', firstRunId: e1, secondRunId: e2 }, { name: 'Edits, nano against V2' }),
  ask: await makeQueue(page, { from: 'run', runId: a1 }, { rubric: verdictRubric, name: 'Questions' }),
  askpair: await makeQueue(page, { from: 'pair', firstRunId: a1, secondRunId: a2 }, { name: 'Answers' }),
} as Record<string, string>;
for (const [name, id] of Object.entries(q)) if (which.length === 0 || which.includes(name)) await shots(name, `/reviews/${id}/work`, cookies, undefined, which.length ? [[1440, 900, 'light', 'en'], [1440, 900, 'dark', 'zh'], [390, 844, 'light', 'en'], [390, 844, 'dark', 'zh']] : undefined);
await browser.close();
