/**
 * `npm run bench:v2`: Nexus-Gen V2 at full size in int4 on this machine’s processor: a directory over a checkpoint that nobody trained,
 * a question, and one image of 512² in one step. The checkpoint is made of holes, which take no room; what is quantised takes 16 GB.
 * Everything is removed afterwards. Usage: npm run bench:v2 -- [--quick], which tries it in miniature.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { readCheckpoint } from '../../../models/export/nexus-gen/checkpoint';
import { graphNames, writeGraph } from '../../../models/export/nexus-gen/graphs';
import { numbersOn } from '../../../models/export/nexus-gen/precision';
import { removeUnpacked, unpackTiny } from '../../../models/export/testing/expected';
import { formDevices } from '../../../models/runtime/directory';
import { root } from '../../support/paths';
import type { Report } from '../eval/report';
import { runLines } from '../run-lines';
import { writeCheckpoint } from './checkpoint';
import { sizes } from './layout';

const roomNeeded = 30e9;
const mostMemory = { is: '≤', than: 20 } as const;

const home = path.join(root, 'var/bench-v2');
await mkdir(home, { recursive: true });
const folder = await mkdtemp(path.join(home, 'run-'));
const [weights, model] = [path.join(folder, 'weights'), path.join(folder, 'model')];

interface Ran {
  json: { timings?: Record<string, number>; tokens?: number };
  seconds: number;
  /** Largest at any moment, in GB: memory of its own, and with it what is mapped from files. */
  own: number;
  resident: number;
}

/** Runs a command of `studio` and watches its memory. */
async function studio(...args: string[]): Promise<Ran> {
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'server/cli/studio.mjs'), ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, MODEL_DIR: model },
  });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  const most = { own: 0, resident: 0 };
  const watch = setInterval(() => {
    try {
      const rollup = readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8');
      const of = (name: string) =>
        Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1e6;
      most.own = Math.max(most.own, of('Anonymous'));
      most.resident = Math.max(most.resident, of('Rss'));
    } catch {
      // It ended, or the system does not tell.
    }
  }, 250);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`studio ${args[0]} ended with ${code}: ${said.slice(-500)}`);
  return { json: JSON.parse(said) as Ran['json'], seconds: (performance.now() - started) / 1000, ...most };
}

function tell(report: Report, what: string, { seconds, own, resident, json }: Ran): void {
  const stages = Object.entries(json.timings ?? {}).map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)}`);
  report.add(what, seconds, 's', { note: stages.join(', ') });
  report.add(`${what}: memory of its own at most`, own, 'GB', { bar: mostMemory });
  report.add(`${what}: with what is mapped from files`, resident, 'GB');
}

try {
  await runLines('v2', 'Nexus-Gen V2 in int4, weights of zeros', {
    'the checkpoint': async (report, { quick }) => {
      const { bavail, bsize } = await statfs(folder);
      if (!quick && bavail * bsize < roomNeeded)
        throw new Error(
          `${folder} has ${((bavail * bsize) / 1e9).toFixed(0)} GB left, and 30 GB are needed.`,
        );
      console.error('It takes up to 30 GB in var/bench-v2, and removes them again.');
      const chosen = quick ? sizes.small : sizes.full;
      await mkdir(weights);
      const bytes = await writeCheckpoint(weights, await unpackTiny(), chosen, true);
      report.add('the checkpoint', bytes / 1e9, 'GB', { note: 'holes: they read as zeros' });
    },
    'the directory': async (report) => {
      tell(
        ...[report, 'studio model add --precision int4'],
        await studio(
          ...['model', 'add', 'nexus-gen-v2', '--weights', weights, '--out', model, '--precision', 'int4'],
        ),
      );
    },
    'each part': async (report) => {
      const dir = path.join(folder, 'parts');
      await mkdir(dir);
      const checkpoint = await readCheckpoint(weights);
      const width = checkpoint.parts.clip.tensors.get('text_model.final_layer_norm.weight')!.shape[0]!;
      const made = {
        pooled: new Float32Array(width),
        grids: { target: [9, 9], reference: [18, 18] } as const,
      };
      const specs: Record<string, object> = {};
      const started = performance.now();
      let bytes = 0;
      for (const name of graphNames)
        for (const device of ['cpu', ...formDevices] as const) {
          const written = writeGraph(name, checkpoint, made, numbersOn(device, 'as-is'));
          bytes += written.bytes.length;
          if (device !== 'cpu') continue;
          await writeFile(path.join(dir, `${name}.onnx`), written.bytes);
          const { inputs, outputs, weights: from } = written;
          specs[name] = { file: `${name}.onnx`, weights: from, inputs, outputs };
        }
      const seconds = (performance.now() - started) / 1000;
      report.add('writing every graph for every device', seconds, 's', { bar: { is: '≤', than: 60 } });
      report.add('their files', bytes / 1e6, 'MB', { bar: { is: '≤', than: 64 } });
      await writeFile(path.join(dir, 'specs.json'), JSON.stringify(specs));
      for (const name of graphNames) {
        const { stdout } = await promisify(execFile)(process.execPath, [
          ...['--import', 'tsx', path.join(import.meta.dirname, 'load-part.ts'), dir, name],
        ]);
        const found = JSON.parse(stdout) as { seconds: number; own: number };
        report.add(`loading ${name}, weights as they are`, found.seconds, 's', {
          note: `${found.own.toFixed(2)} GB of its own`,
        });
      }
    },
    'a question': async (report) => {
      const image = path.join(folder, 'image.png');
      const gray = { width: 448, height: 448, channels: 3, background: '#808080' } as const;
      await writeFile(image, await sharp({ create: gray }).png().toBuffer());
      tell(
        ...[report, 'an image of 448², a question, and four tokens'],
        await studio('ask', image, 'How many?', '--max-new-tokens', '4'),
      );
    },
    'an image': async (report) => {
      const size = ['--width', '512', '--height', '512', '--steps', '1', '--guidance', '1', '--seed', '1'];
      const out = path.join(folder, 'out.png');
      tell(
        report,
        'an image of 512² in one step',
        await studio('generate', 'two red apples', ...size, '--out', out),
      );
    },
  });
} finally {
  await rm(folder, { recursive: true });
  await removeUnpacked();
}
