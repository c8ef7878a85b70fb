import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../../models/runtime';
import { folderName, imageName, readGenevalFolder } from './folder';
import { metadataLine, officialPrompts } from './prompts';

let directory: string;
let png: Buffer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'geneval-'));
  png = await encodePng({ width: 2, height: 2, data: new Uint8Array(12) });
  for (const [index, metadata] of officialPrompts().entries()) {
    await mkdir(join(directory, folderName(index), 'samples'), { recursive: true });
    await writeFile(join(directory, folderName(index), 'metadata.jsonl'), metadataLine(metadata));
    for (let image = 0; image < 4; image++) await writeFile(sample(index, image), png);
  }
}, 60_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

const sample = (index: number, image: number): string =>
  join(directory, folderName(index), 'samples', imageName(image));

describe('a folder in the official layout', { timeout: 30_000 }, () => {
  it('is read whole', async () => {
    const { prompts, problems, counts } = await readGenevalFolder(directory);
    expect(prompts).toHaveLength(553);
    expect(prompts[1]).toMatchObject({ name: '00001', metadata: { tag: 'single_object' } });
    expect(prompts[1]!.images).toEqual([0, 1, 2, 3].map((image) => sample(1, image)));
    expect(problems).toEqual([]);
    expect(counts).toEqual({
      missing: 0,
      extra: 0,
      corrupt: 0,
      misnamed: 0,
      jpeg: 0,
      prompt: 0,
      evaluator: 0,
    });
  });

  it('says what is missing, extra, damaged, misnamed or JPEG, and goes on', async () => {
    const damaged = Buffer.from(png);
    damaged[damaged.length - 20]! ^= 1;
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
    await rm(sample(0, 0));
    await writeFile(sample(1, 4), png);
    await writeFile(sample(2, 0), damaged);
    await writeFile(sample(2, 1), png.subarray(0, 40));
    await writeFile(sample(2, 2), '');
    await writeFile(sample(2, 3), 'hello, world');
    await writeFile(`${sample(3, 0)}.bak`, png);
    await writeFile(sample(3, 1), jpeg);
    await writeFile(sample(3, 2), Buffer.from('RIFF\x10\0\0\0WEBPVP8 '));
    await writeFile(sample(3, 3), Buffer.from('GIF89a'));
    await writeFile(join(directory, '00003', 'samples', '0004.JPG'), jpeg);
    await rm(join(directory, '00004', 'samples'), { recursive: true });
    await rm(join(directory, '00005', 'metadata.jsonl'));
    await writeFile(join(directory, '00006', 'metadata.jsonl'), 'oops');
    await cp(join(directory, '00007'), join(directory, '00900'), { recursive: true });
    await rm(join(directory, '00008'), { recursive: true });
    await mkdir(join(directory, 'grids'));
    await writeFile(join(directory, 'results.jsonl'), '');
    const { prompts, problems, counts } = await readGenevalFolder(directory);
    expect(prompts).toHaveLength(551);
    expect(counts).toEqual({
      missing: 1 + 4 + 1 + 4 + 3 * 4,
      extra: 1,
      corrupt: 5,
      misnamed: 4,
      jpeg: 1,
      prompt: 3,
      evaluator: 0,
    });
    const said = (where: string) => problems.filter((one) => one.where === where).map(({ reason }) => reason);
    expect(said('00000/samples')).toEqual(['3 of 4 images can be scored']);
    expect(said('00001/samples/0004.png')[0]).toContain('the official script scores it too');
    expect(said('00002/samples/0000.png')[0]).toContain('chunk is damaged');
    expect(said('00002/samples/0001.png')).toEqual(['the file is cut off']);
    expect(said('00002/samples/0002.png')).toEqual(['the file is empty']);
    expect(said('00002/samples/0003.png')).toEqual(['it is no PNG']);
    expect(said('00003/samples/0000.png.bak')[0]).toContain('passed over');
    expect(said('00003/samples/0001.png')[0]).toContain('a JPEG named as a PNG');
    expect(said('00003/samples/0002.png')).toEqual([
      'a WebP named as a PNG; it is scored, as the official script does',
    ]);
    expect(said('00003/samples/0003.png')[0]).toContain('a file in the format GIF, named as a PNG');
    expect(said('00003/samples/0004.JPG')).toEqual(['a JPEG, which the official script skips']);
    expect(said('00004/samples')).toEqual(['it is missing']);
    expect(said('00005/metadata.jsonl')).toEqual(['it is missing']);
    expect(said('00006/metadata.jsonl')[0]).toContain('it is not JSON');
    expect(said('00900')).toEqual(['the same prompt as in 00007']);
    expect(said('00008')).toEqual(['no folder has this prompt']);
    expect(said('grids')).toHaveLength(1);
  });

  it('that is not there is the error of the file system', async () =>
    expect(readGenevalFolder(join(directory, 'nowhere'))).rejects.toThrow(/ENOENT/));
});
