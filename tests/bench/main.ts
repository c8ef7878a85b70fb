/**
 * `npm run bench`: speed and memory of the shipped model and of the product around it, as a table and as JSON in
 * var/bench. Nothing here fails for being slow. Usage: npm run bench -- [--runs N]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { loadModel } from '../../models/runtime';
import { root } from '../support/paths';
import { findChromium } from '../support/browser.mjs';
import { request, type Moments } from './page';
import { startProduct } from './product';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '9' } } });
const runs = Number(values.runs);
const modelDir = process.env.MODEL_DIR || path.join(root, 'models/nexus-gen-nano');

interface Row {
  what: string;
  value: number;
  unit: string;
  goal: string;
}
const rows: Row[] = [];
const add = (what: string, value: number, unit: string, goal = '') => rows.push({ what, value, unit, goal });
const median = (numbers: number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

async function embeddings(): Promise<void> {
  const model = await loadModel(modelDir);
  const { width, height, steps, guidance_generation } = model.manifest.parameters;
  const wanted = {
    task: 'generate',
    prompt: 'a photo of two red apples',
    language: 'en',
    seed: 1,
    ...{ width: width.default, height: height.default, steps: steps.default },
    guidance: guidance_generation.default,
  } as const;
  const times = { 'one-pass': [] as number[], stepwise: [] as number[] };
  let worst = 0;
  for (let i = 0; i < runs; i++) {
    const one = await model.imageEmbeddings(wanted, 'one-pass');
    const many = await model.imageEmbeddings(wanted, 'stepwise');
    times['one-pass'].push(one.timings.embeddings!);
    times.stepwise.push(many.timings.embeddings!);
    one.embeds.forEach((v, k) => (worst = Math.max(worst, Math.abs(v - many.embeds[k]!))));
  }
  const [pass, loop] = [median(times['one-pass']), median(times.stepwise)];
  add('81 embeddings in one pass', pass, 'ms');
  add('81 embeddings in 81 steps', loop, 'ms');
  add('ratio of the two', loop / pass, '×', '≥ 10');
  add('largest difference of the two', worst, '', '≤ 1e-4');
  await model.close();
}

async function product(): Promise<void> {
  const studio = await startProduct();
  const browser = await chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--no-first-run',
    ],
  });
  try {
    const page = await browser.newPage({ baseURL: studio.url });
    // The TypeScript loader names functions through a helper that the page does not have.
    await page.addInitScript('globalThis.__name = (f) => f');
    await page.goto('/');
    await page.getByRole('button', { name: /^Model: .*Ready$/ }).waitFor();
    const pictures: Moments[] = [];
    // The first request of each kind warms up and does not count.
    for (let i = 0; i <= runs; i++)
      pictures.push(await request(page, 'Generate', `a photo of ${i + 1} red apples`));
    const results = page.getByRole('list', { name: 'Results' });
    await results.getByRole('button', { name: 'Ask about this' }).last().click();
    const answers: Moments[] = [];
    for (let i = 0; i <= runs; i++) {
      if (i > 0) await results.getByRole('button', { name: 'Ask about this' }).last().click();
      answers.push(await request(page, 'Ask', `how many apples are there${'?'.repeat(i + 1)}`));
    }
    const of = (moments: Moments[], key: keyof Moments) =>
      median(moments.slice(1).flatMap((m) => (m[key] === null ? [] : [m[key]])));
    add('click to final picture, 256 × 256, default steps', of(pictures, 'last'), 'ms', '≤ 2000');
    add('click to first preview', of(pictures, 'first'), 'ms', '≤ 600');
    add('click to first token of an answer', of(answers, 'first'), 'ms', '≤ 300');
    add('click to whole answer', of(answers, 'last'), 'ms');
    const waits = await studio.query<{ ms: number }>(
      `SELECT extract(epoch FROM started_at - created_at)::float8 * 1000 AS ms FROM generation ORDER BY created_at`,
    );
    add('submit to handler', median(waits.slice(1).map((w) => w.ms)), 'ms', '≤ 25');
    const health = (await (await fetch(`${studio.url}/api/health`)).json()) as {
      devices: { list: { rss: number | null }[] };
      web: { rss: number };
    };
    add('inference child, resident', (health.devices.list[0]?.rss ?? NaN) / 1e6, 'MB', '≤ 1200');
    add('web server, resident', health.web.rss / 1e6, 'MB', '≤ 400');
    add('second npm start, to ready', studio.readyMs, 'ms', '< 10000');
  } finally {
    await browser.close();
    await studio.stop();
  }
}

await embeddings();
await product();
const shown = (v: number) =>
  v !== 0 && Math.abs(v) < 0.01 ? v.toExponential(1) : v.toFixed(v < 100 ? 1 : 0);
const width = Math.max(...rows.map((r) => r.what.length));
console.log(
  `\nMedians of ${runs} runs on ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'})\n`,
);
for (const r of rows)
  console.log(`${r.what.padEnd(width)}  ${`${shown(r.value)} ${r.unit}`.padStart(11)}  ${r.goal}`);
const out = path.join(root, 'var/bench');
mkdirSync(out, { recursive: true });
const file = path.join(out, 'bench.json');
writeFileSync(
  file,
  JSON.stringify({ date: new Date().toISOString(), cores: availableParallelism(), runs, rows }, null, 1),
);
console.log(`\n${path.relative(root, file)}`);
