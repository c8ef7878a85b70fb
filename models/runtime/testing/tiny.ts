/** Helpers for tests. `tiny-model/` has random weights (make_tiny_model.py) and the real token counts. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseManifest, type Manifest } from '../manifest';
import type { RgbImage } from '../types';

export const tinyModel = fileURLToPath(new URL('tiny-model', import.meta.url));

export async function tinyManifest(): Promise<Manifest> {
  const path = join(tinyModel, 'manifest.json');
  return parseManifest(await readFile(path, 'utf8'), path);
}

/** A copy that a test may spoil, and its removal. */
export async function copyOfTinyModel(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'tiny-model-'));
  await cp(tinyModel, dir, { recursive: true });
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** Changes the manifest of a model directory in place. */
export async function changeManifest(dir: string, change: (manifest: Manifest) => void): Promise<void> {
  const path = join(dir, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  change(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

/** A picture in which every pixel differs from its neighbours. */
export function testImage(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++, i++) data[i] = (x * 37 + y * 91 + c * 53 + x * y * 7) % 256;
  return { width, height, data };
}
