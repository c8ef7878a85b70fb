import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { differences, differenceTable } from '../../models/export/nexus-gen/fidelity';
import { storedPrecisions, type StoredPrecision } from '../../models/runtime/directory';
import { fitOf, needOf, weightBytes, type Fit, type GraphBytes, type Kind } from '../../models/runtime/fit';
import { deviceMemory, roomIn, sizeText } from '../../models/runtime/graphs/memory';
import { loadManifest, type GraphName, type Manifest } from '../../models/runtime/manifest';
import { devices } from '../devices/devices';
import { partsTable } from './directories';
import { command, memory } from './options';
import { printJson } from './report';
import { asCommand } from './session';
import { table } from './table';

interface InfoOptions {
  json?: boolean;
  /** Of another device, in bytes. */
  memory?: number;
}

/** `studio model info`: what a model directory consists of, what memory it takes, and what fits. */
export function modelInfoCommand(finish: (code: number) => void): Command {
  return command('info', 'show the parts of a model directory, their sizes, and what fits into memory')
    .argument('<dir>', 'model directory')
    .addOption(
      new Option(
        '--memory <size>',
        'what fits into a device with so much memory, e.g. 24GB (default: into those of this machine)',
      ).argParser(memory),
    )
    .option('--json', 'print a single JSON object')
    .action((dir: string, options: InfoOptions) => asCommand(options, finish, () => info(dir, options)));
}

async function info(dir: string, options: InfoOptions): Promise<void> {
  const { manifest, hash } = await loadManifest(resolve(dir), { verify: 'sizes' });
  const { name, version, licence, notice, graphs, files, sources = {}, parts = {}, constants } = manifest;
  const bytesOf = (list: Iterable<{ bytes: number }>) => [...list].reduce((sum, { bytes }) => sum + bytes, 0);
  const disk = {
    directory: bytesOf(Object.values(files)),
    constants: bytesOf(Object.values(constants).flatMap((one) => (one && files[one.file]) || [])),
    sources: bytesOf(Object.values(sources)),
  };
  const rooms = await roomsOf(options);
  const weights = weightsByPrecision(manifest);
  const differs = name === 'nexus-gen-v2' ? differences : [];
  if (options.json)
    return printJson({
      ...{ name, version, hash, licence, parts, graphs: Object.keys(graphs), files, sources, disk },
      memory: memoryReport(weights, rooms),
      differs,
    });
  process.stdout.write(
    [
      `${name} ${version} (${hash.slice(0, 12)})\n${licence}\n${notice}\n\n`,
      partsTable(parts),
      `${Object.keys(graphs).length} graphs, ${sizeText(disk.directory)} in the directory, of it constants ${sizeText(disk.constants)}`,
      disk.sources > 0
        ? `; ${sizeText(disk.sources)} of downloads in\n${Object.keys(sources)
            .map((file) => `  ${file}\n`)
            .join('')}`
        : '\n',
      `\n${memoryText(weights, rooms)}`,
      differs.length > 0 ? `\nDiffers from the published scripts\n${differenceText()}` : '',
    ].join(''),
  );
}

/** Room for weights on a device, in bytes; null where the device does not tell. */
interface Room {
  device: string;
  bytes: number | null;
}

async function roomsOf({ memory }: InfoOptions): Promise<Room[]> {
  if (memory !== undefined) return [{ device: sizeText(memory), bytes: roomIn(memory) }];
  const rooms: Room[] = [];
  for (const device of devices) {
    const bytes = await deviceMemory(device);
    rooms.push({ device, bytes: Number.isFinite(bytes) ? bytes : null });
  }
  return rooms;
}

interface Stored {
  /** Null for a directory that does not tell. */
  precision: StoredPrecision | null;
  /** The directory is stored so. */
  current: boolean;
  bytes: GraphBytes;
}

/** The directory as it is, and as `model add` would store it otherwise. */
function weightsByPrecision(manifest: Manifest): Stored[] {
  const { graphs, precision = null } = manifest;
  const specs = Object.entries(graphs).flatMap(([name, spec]) =>
    spec ? [[name as GraphName, spec] as const] : [],
  );
  const current: Stored = { precision, current: true, bytes: weightBytes(manifest) };
  if (precision === null || specs.some(([, { sizes }]) => sizes === undefined)) return [current];
  return storedPrecisions.map((one) =>
    one === precision
      ? current
      : {
          ...{ precision: one, current: false },
          bytes: Object.fromEntries(specs.map(([name, { sizes }]) => [name, sizes![one]])),
        },
  );
}

function memoryReport(weights: readonly Stored[], rooms: readonly Room[]) {
  return {
    precisions: weights.map(({ precision, current, bytes }) => ({ precision, current, ...needOf(bytes) })),
    devices: rooms.map(({ device, bytes: room }) => ({
      device,
      room,
      fits: weights.map(({ precision, bytes }) => ({
        precision,
        ...(room === null ? { everything: null, requests: null } : fitOf(needOf(bytes), room)),
      })),
    })),
  };
}

const kinds: Record<Kind, string> = { understand: 'questions', generate: 'images', edit: 'edits' };
const words: Record<Fit, string> = { 'at-once': 'at once', reloading: 'reload', no: 'no' };

/** `everything`, one word for all kinds of requests, or one for each. */
function fitText(bytes: GraphBytes, room: number | null): string {
  if (room === null) return '–';
  const { everything, requests } = fitOf(needOf(bytes), room);
  if (everything) return 'everything';
  const fits = Object.entries(requests) as [Kind, Fit][];
  const [[, first]] = fits as [[Kind, Fit]];
  if (fits.every(([, fit]) => fit === first)) return words[first];
  return fits.map(([kind, fit]) => `${kinds[kind]} ${words[fit]}`).join(', ');
}

function memoryText(weights: readonly Stored[], rooms: readonly Room[]): string {
  const head = rooms.map(({ device, bytes }) => (bytes === null ? device : `${device}: ${sizeText(bytes)}`));
  const rows = weights.map(({ precision, current, bytes }) => {
    const { total, largest } = needOf(bytes);
    return [
      `${precision ?? 'as it is'}${current && precision ? ' (this)' : ''}`,
      sizeText(total),
      sizeText(largest.bytes),
      ...rooms.map((room) => fitText(bytes, room.bytes)),
    ];
  });
  const { requests, everything } = needOf(weights.find(({ current }) => current)!.bytes);
  const each = (Object.entries(requests) as [Kind, { atOnce: number }][]).map(
    ([kind, { atOnce }]) => `${kinds[kind]} ${sizeText(atOnce)}`,
  );
  return [
    table([['memory', 'weights', 'largest graph', ...head], ...rows]),
    `Needed at once: ${each.join(', ')}; everything ${sizeText(everything)}.\n`,
    'everything: nothing is loaded twice; at once: all that a request runs stays loaded; reload: each request loads again what made\n',
    'room; no: a graph alone is too large; –: the device doesn’t tell. Behind a device: its room for weights, 85 % of its memory.\n',
  ].join('');
}

function differenceText(): string {
  const [head, ...rows] = differenceTable();
  return rows
    .map(
      ([what, ...cells]) => `  ${what}\n${cells.map((cell, i) => `    ${head![i + 1]}: ${cell}\n`).join('')}`,
    )
    .join('');
}
