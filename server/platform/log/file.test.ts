import * as fs from 'node:fs';
import { mkdtemp, readFile, rm, stat, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile, tellLogTrouble } from './file';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hasFullDevice = fs.existsSync('/dev/full');

test('a log is begun anew while it is written, and one earlier file is kept', async () => {
  const file = path.join(folder, 'web.log');
  const log = openLogFile(file, { maxBytes: 20 });
  for (const line of ['first line 0123456789\n', 'second line\n', 'third line\n', 'fourth line\n'])
    log.write(line);
  log.close();
  expect(await readFile(file, 'utf8')).toBe('fourth line\n');
  expect(await readFile(`${file}.1`, 'utf8')).toBe('second line\nthird line\n');
  expect(fs.readdirSync(folder).sort()).toEqual(['web.log', 'web.log.1']);
  // One that a former process left large counts as well.
  const again = openLogFile(file, { maxBytes: 5 });
  again.write(Buffer.from('fifth line\n'));
  again.close();
  expect(await readFile(file, 'utf8')).toBe('fifth line\n');
  expect(await readFile(`${file}.1`, 'utf8')).toBe('fourth line\n');
});

test('two processes that write one log begin it anew once', async () => {
  const file = path.join(folder, 'eval.log');
  const [one, other] = [openLogFile(file, { maxBytes: 40 }), openLogFile(file, { maxBytes: 40 })];
  const long = `${'0123456789'.repeat(5)}\n`;
  one.write(long);
  other.write('of the other\n');
  one.write('of the one\n');
  for (const log of [one, other]) log.close();
  expect(await readFile(`${file}.1`, 'utf8')).toBe(long);
  expect(await readFile(file, 'utf8')).toBe('of the other\nof the one\n');
});

test('a log is for its owner alone', async () => {
  const file = path.join(folder, 'worker.log');
  const log = openLogFile(file);
  log.write('x\n');
  log.close();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test.runIf(hasFullDevice)(
  'on a full disk lines are left out, which is told once, until there is room',
  async () => {
    const said: string[] = [];
    const onTrouble = tellLogTrouble((line) => said.push(line));
    const place = path.join(folder, 'web.log');
    await symlink('/dev/full', place);
    const log = openLogFile(place, { onTrouble });
    const other = openLogFile('/dev/full', { onTrouble });
    for (const one of [log, other, log, other]) one.write('lost\n');
    expect(said).toEqual([expect.stringMatching(/disk is full/)]);

    await unlink(place);
    log.write('kept\n');
    expect(await readFile(place, 'utf8')).toBe('kept\n');
    log.close();
    other.close();
    expect(said).toHaveLength(1);
  },
);

test('a folder that is gone costs the lines and nothing else', async () => {
  const said: string[] = [];
  const file = path.join(folder, 'gone', 'web.log');
  const log = openLogFile(file, { onTrouble: tellLogTrouble((line) => said.push(line)) });
  log.write('lost\n');
  log.write('lost\n');
  expect(said).toEqual([expect.stringMatching(/web\.log is not writable \(ENOENT/)]);
  fs.mkdirSync(path.dirname(file));
  log.write('kept\n');
  expect(await readFile(file, 'utf8')).toBe('kept\n');
  log.close();
  await rm(path.dirname(file), { recursive: true });
  log.write('lost again\n');
  expect(said).toHaveLength(2);
});
