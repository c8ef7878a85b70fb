/**
 * `npm run bench:gpu`: Nexus-Gen V2 at full size on a GPU with CUDA, with weights that are random: load, memory, seconds a step, tokens a
 * second, and whether the project’s small checkpoint gives what it gives on the CPU. It takes up to 10 minutes on a large GPU.
 * Usage: npm run bench:gpu -- [--quick] [--only LINE,…]. With --quick in miniature, and on the CPU where there is no GPU.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { checkDevice } from '../../../eval/devices/check';
import { addNexusGen } from '../../../models/export/nexus-gen/add';
import type { Precision } from '../../../models/export/nexus-gen/precision';
import { removeUnpacked, unpackTiny } from '../../../models/export/testing/expected';
import { loadModel, type Device, type InferenceModel } from '../../../models/runtime';
import { root } from '../../support/paths';
import type { Report } from '../eval/report';
import { runLines, type Lines } from '../run-lines';
import { writeCheckpoint } from '../v2/checkpoint';
import { sizes, type Sizes } from '../v2/layout';
import { writeRandomModel } from './random-model';

/** What an image of 512² in 50 steps with guidance 3 may take on an H200. */
const imageBar = { is: '≤', than: 4 } as const;
/** Products of bfloat16 a second that an H200 is made for, without sparsity. Source: NVIDIA H200 datasheet. */
const limit = 989e12;

const home = path.join(root, 'var/bench-gpu');
await mkdir(home, { recursive: true });
const folder = await mkdtemp(path.join(home, 'run-'));
const quick = process.argv.includes('--quick');
const chosen = quick ? sizes.small : sizes.full;
const found = await checkDevice('cuda');
const device: Device = found.ok || !quick ? 'cuda' : 'cpu';

/** Largest memory of the first GPU while it runs, in GB; null without nvidia-smi. */
function watchMemory(): () => Promise<number | null> {
  const child = spawn(
    'nvidia-smi',
    ['--query-gpu=memory.used', '--format=csv,noheader,nounits', '-i', '0', '-lms', '200'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let said = '';
  let missing = false;
  child.on('error', () => (missing = true));
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  return async () => {
    // What it said while a graph blocked this process.
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (missing) return null;
    child.kill();
    return (Math.max(...said.trim().split('\n').map(Number)) * 2 ** 20) / 1e9;
  };
}

/** Products of one step of a decoder for all its branches. @param side of the image in pixels */
function productsOf({ flux }: Sizes, side: number, conditions: readonly number[]): number {
  const { width, joint, single } = flux;
  const image = (side / 16) ** 2;
  return conditions.reduce((sum, condition) => {
    const tokens = image + condition;
    // A block of two streams has 12 width² a token; one of a single stream as many, its query, key, value and MLP in one.
    const linear = 12 * width ** 2 * (joint + single) * tokens;
    const attention = 2 * tokens ** 2 * width * (joint + single);
    return sum + 2 * (linear + attention);
  }, 0);
}

/** Embeddings of an image, and tokens of the empty prompt. */
const conditions = [81, 512];
const steps = quick ? 2 : 50;

const request = { task: 'generate', prompt: 'two red apples', language: 'en', guidance: 3, seed: 1 } as const;

async function measureImage(
  report: Report,
  model: InferenceModel,
  what: string,
  side: number,
): Promise<void> {
  const size = { width: side, height: side };
  // The first one allocates, and chooses kernels.
  await model.run({ ...request, ...size, steps: 1 });
  const many = quick ? 2 : side > 512 ? 10 : steps;
  const { timings } = await model.run({ ...request, ...size, steps: many });
  const step = timings.denoise! / many / 1000;
  const rate = productsOf(chosen, side, conditions) / step;
  report.add(`${what}: a step at ${side}²`, step, 's', {
    note: `${((100 * rate) / limit).toFixed(0)} % of an H200’s limit; guidance 3`,
  });
  const stages = Object.entries(timings).map(([name, ms]) => `${name} ${(ms / 1000).toFixed(2)}`);
  report.add(`${what}: an image of ${side}², ${many} steps`, timings.total! / 1000, 's', {
    note: stages.join(', '),
    ...(many === 50 && side === 512 && { bar: imageBar }),
  });
}

const measure =
  (precision: Precision, what: string) =>
  async (report: Report): Promise<void> => {
    const dir = path.join(folder, precision);
    await mkdir(dir);
    await writeRandomModel(await checkpoint(), dir, device, precision);
    const memory = watchMemory();
    const started = performance.now();
    const model = await loadModel(dir, { device, verify: 'sizes', sessions: 'needed' });
    const most = quick ? 8 : 128;
    const question = { task: 'understand', prompt: 'Describe.', language: 'en', image: null } as const;
    await model.run({ ...question, maxNewTokens: 2 });
    report.add(
      `${what}: load the language model, and answer once`,
      (performance.now() - started) / 1000,
      's',
    );
    const answer = await model.run({ ...question, maxNewTokens: most });
    if (answer.kind !== 'text') throw new Error(answer.kind);
    report.add(`${what}: tokens a second`, answer.tokens / (answer.timings.decode! / 1000), '', {
      note: `${answer.tokens} tokens`,
    });
    const drawn = performance.now();
    await model.run({ ...request, width: 512, height: 512, steps: 1 });
    report.add(`${what}: load the decoder, and one step`, (performance.now() - drawn) / 1000, 's');
    for (const side of quick ? [256] : [512, 1024]) await measureImage(report, model, what, side);
    report.add(`${what}: memory of the device at most`, await memory(), 'GB');
    await model.close();
    await rm(dir, { recursive: true });
  };

let written: string | null = null;
/** One of the right layout; it reads as zeros and takes no room. */
async function checkpoint(): Promise<string> {
  if (written) return written;
  written = path.join(folder, 'layout');
  await mkdir(written);
  await writeCheckpoint(written, await unpackTiny(), chosen, true);
  return written;
}

async function agreement(report: Report): Promise<void> {
  const dir = path.join(folder, 'tiny');
  await addNexusGen({ weights: await unpackTiny(), out: dir });
  const answers = async (on: Device) => {
    const model = await loadModel(dir, { device: on, sessions: 'needed' });
    const image = await model.run({ ...request, width: 256, height: 256, steps: 4 });
    const text = await model.run({
      ...{ task: 'understand', prompt: 'how many?', language: 'en', image: null, maxNewTokens: 24 },
    });
    await model.close();
    if (image.kind !== 'image' || text.kind !== 'text') throw new Error('Another kind of result.');
    return { image: image.image.data, text: text.text };
  };
  const [cpu, here] = [await answers('cpu'), await answers(device)];
  const off = Array.from(cpu.image, (value, i) => Math.abs(value - here.image[i]!));
  const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
  report.add('the small checkpoint, image against the CPU’s: mean of 255 levels', mean, '', {
    bar: { is: '≤', than: 1 },
    note: `largest ${off.reduce((most, value) => Math.max(most, value), 0)}; the same text: ${cpu.text === here.text ? 'yes' : 'no'}`,
  });
}

const lines: Lines = {
  agreement,
  bf16: measure('as-is', 'bf16'),
  int8: measure('int8', 'int8'),
  int4: measure('int4', 'int4'),
};

try {
  if (device === 'cuda' && !found.ok)
    throw new Error(
      `CUDA cannot be used here. ${found.problems.join(' ')} See npx studio device check cuda.`,
    );
  await runLines('gpu', `Nexus-Gen V2 with random weights on ${device}`, lines);
} finally {
  await rm(folder, { recursive: true });
  await removeUnpacked();
}
