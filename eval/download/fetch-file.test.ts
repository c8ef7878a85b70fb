import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError } from '../../models/runtime';
import { fetchFile, type FetchOptions } from './fetch-file';
import { sha256Of, startHub, type TestHub } from './testing/hub';

const bytes = randomBytes(300_000);
const file = { path: 'Art/file.bin', size: bytes.length, sha256: sha256Of(bytes) };

let hub: TestHub;
let folder: string;
beforeEach(async () => {
  hub = await startHub({ 'a/b/Art/file.bin': bytes });
  folder = await mkdtemp(join(tmpdir(), 'fetch-'));
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

const pull = (options: FetchOptions = {}) =>
  fetchFile(folder, file, `${hub.address}/datasets/a/b/resolve/main/Art/file.bin`, {
    retries: 3,
    pauseMs: 0,
    ...options,
  });
const left = () => readdir(join(folder, 'Art'));
const writePart = async (part: Buffer) => {
  await mkdir(join(folder, 'Art'));
  await writeFile(join(folder, 'Art', 'file.bin.part'), part);
};
const ranges = () => hub.requests.map(({ range }) => range);

async function expectWhole(): Promise<void> {
  expect(await left()).toEqual(['file.bin']);
  expect((await readFile(join(folder, file.path))).equals(bytes)).toBe(true);
}

describe('fetching a file', () => {
  it('leaves nothing but the file, and says how far it is', async () => {
    const progress: number[] = [];
    await pull({ onProgress: (done) => progress.push(done) });
    await expectWhole();
    expect(progress.at(-1)).toBe(bytes.length);
    expect(ranges()).toEqual([undefined]);
  });

  it('goes on where an earlier try was killed', async () => {
    await writePart(bytes.subarray(0, 123_456));
    await pull();
    await expectWhole();
    expect(ranges()).toEqual(['bytes=123456-']);
  });

  it('needs no request for a part that is whole', async () => {
    await writePart(bytes);
    await pull();
    await expectWhole();
    expect(ranges()).toEqual([]);
  });

  /** The connection breaks each time that as many bytes have come. */
  const broken = (bytes: number, times = 1): FetchOptions => {
    hub.faults = Array.from({ length: times }, () => ({ stall: bytes }));
    return {
      onProgress: (done) => {
        if (done > 0 && done % bytes === 0) hub.breakStalled();
      },
    };
  };

  it('goes on where the connection breaks, as often as it gets further', async () => {
    await pull({ retries: 1, ...broken(20_000, 8) });
    await expectWhole();
    expect(ranges()).toEqual([undefined, ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `bytes=${n * 20_000}-`)]);
  });

  it('starts over where the server knows no ranges', async () => {
    const options = broken(20_000);
    hub.faults.push({ ignoresRange: true });
    await pull(options);
    await expectWhole();
    expect(ranges()).toEqual([undefined, 'bytes=20000-']);
  });

  it.each([429, 500, 502, 503, 504])('tries again after %i', async (status) => {
    hub.faults = [{ status }, null];
    await pull();
    await expectWhole();
  });

  it('waits as long as the server asks, and may be cancelled then', async () => {
    hub.faults = [{ status: 429, headers: { 'retry-after': '50' } }];
    const cancel = new AbortController();
    const waiting = pull({ signal: cancel.signal });
    await vi.waitFor(() => expect(ranges()).toHaveLength(1));
    cancel.abort();
    await expect(waiting).rejects.toThrow(CancelledError);
    expect(ranges()).toHaveLength(1);
  });

  it('tries again when nothing comes any more', async () => {
    hub.faults = [{ stall: 10_000 }];
    await pull({ idleMs: 100 });
    await expectWhole();
    expect(ranges()[1]).toBe('bytes=10000-');
  });

  it('gives up after some tries, and keeps what came', async () => {
    const options = broken(50_000);
    hub.faults.push(...Array.from({ length: 9 }, () => ({ status: 503 })));
    await expect(pull({ retries: 2, ...options })).rejects.toThrow(
      /answered 503 .*downloaded files are kept/,
    );
    expect(await left()).toEqual(['file.bin.part']);
    hub.faults = [];
    await pull();
    await expectWhole();
    expect(ranges().at(-1)).toBe('bytes=50000-');
  });

  it.each([401, 403, 404])('does not try again after %i', async (status) => {
    hub.faults = [{ status }];
    await expect(pull()).rejects.toThrow(`answered ${status}`);
    expect(ranges()).toHaveLength(1);
  });

  it('refuses another content and leaves nothing of it', async () => {
    hub.faults = [{ bytes: randomBytes(bytes.length) }];
    await expect(pull()).rejects.toThrow(/Art\/file\.bin from .* has different content/);
    expect(await left()).toEqual([]);
  });

  it('refuses more bytes than the file has', async () => {
    hub.faults = [{ bytes: Buffer.concat([bytes, bytes]) }];
    await expect(pull()).rejects.toThrow('more than the 300000 bytes of Art/file.bin');
  });

  it('starts over when what it went on from was of another file', async () => {
    await writePart(randomBytes(1000));
    await pull();
    await expectWhole();
    expect(ranges()).toEqual(['bytes=1000-', undefined]);
  });

  it('starts over from a part that is too long', async () => {
    await writePart(Buffer.concat([bytes, bytes]));
    await pull();
    await expectWhole();
  });

  it('says in one line when nobody is there, and what to do', async () => {
    await hub.close();
    const advice = { unreachable: 'Set a mirror with --mirror' };
    await expect(pull({ advice })).rejects.toThrow(
      /^Cannot reach http:.* \(ECONNREFUSED\)\. .*--mirror.*\.$/,
    );
  });

  it('stops when cancelled, and can be resumed', async () => {
    const cancel = new AbortController();
    hub.faults = [{ stall: 40_000 }];
    const cancelled = pull({
      signal: cancel.signal,
      onProgress: (done) => {
        if (done > 0) cancel.abort();
      },
    });
    await expect(cancelled).rejects.toThrow(CancelledError);
    expect(await left()).toEqual(['file.bin.part']);
    await pull();
    await expectWhole();
    expect(ranges()[1]).toMatch(/^bytes=\d+-$/);
  });

  // Every write to this device fails for want of room.
  it.skipIf(!existsSync('/dev/full'))('says that the disk is full, and what to do', async () => {
    await mkdir(join(folder, 'Art'));
    await symlink('/dev/full', join(folder, 'Art', 'file.bin.part'));
    await expect(pull()).rejects.toThrow(
      /disk is full \(.*file\.bin\.part\). Free some space and pull again/,
    );
    expect(ranges()).toHaveLength(1);
  });

  it('says where it may not write', async () => {
    await writeFile(join(folder, 'Art'), '');
    await expect(pull()).rejects.toThrow(/Cannot write .*Art/);
  });

  it('follows to another address, without the token', async () => {
    hub.redirects = true;
    hub.gated.add('a/b');
    await pull({ token: 'good' });
    await expectWhole();
    expect(hub.asked).toEqual([
      { at: 'hub', authorization: 'Bearer good' },
      { at: 'cdn', authorization: undefined },
    ]);
  });

  it.each([
    ['a loop', { location: '' }, 'redirects more than 10 times'],
    ['another protocol', { location: 'ftp://example.org/file' }, 'which is not https'],
    ['no address', { location: 'http://' }, 'redirects to nowhere'],
  ])('refuses a redirect: %s', async (_what, headers, says) => {
    hub.faults = Array.from({ length: 20 }, () => ({ status: 302, headers }));
    await expect(pull()).rejects.toThrow(says);
  });

  it('refuses to be led from https to http', async () => {
    const leading = vi.fn(() =>
      Promise.resolve(new Response(null, { status: 302, headers: { location: 'http://example.org/' } })),
    );
    vi.stubGlobal('fetch', leading);
    await expect(fetchFile(folder, file, 'https://example.org/file')).rejects.toThrow('which is not https');
    vi.unstubAllGlobals();
    expect(leading).toHaveBeenCalledTimes(1);
  });

  it('says that a web page came', async () => {
    hub.faults = [{ bytes, headers: { 'content-type': 'text/html; charset=utf-8' } }];
    await expect(pull()).rejects.toThrow('sent a web page instead of Art/file.bin');
  });

  it('checks a file outside Git LFS by its id in git', async () => {
    const text = Buffer.from('hello\n');
    hub.files.set('a/b/Art/file.bin', text);
    const small = { path: file.path, size: 6, blob: 'ce013625030ba8dba906f756967f9e9ca394464a' };
    const url = `${hub.address}/a/b/resolve/main/Art/file.bin`;
    expect(await fetchFile(folder, small, url)).toBe(sha256Of(text));
    hub.files.set('a/b/Art/file.bin', Buffer.from('jello\n'));
    await expect(fetchFile(folder, small, url)).rejects.toThrow('different content');
  });
});

describe('fetching a file in several requests at once', () => {
  const segment = 50_000;
  const inSegments = (options: FetchOptions = {}) => pull({ connections: 3, segment, ...options });
  const starts = Array.from({ length: 6 }, (_, i) => `bytes=${i * segment}-${(i + 1) * segment - 1}`);

  it('asks for each segment once', async () => {
    const progress: number[] = [];
    await inSegments({ onProgress: (done) => progress.push(done) });
    await expectWhole();
    expect(ranges().sort()).toEqual([...starts].sort());
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(bytes.length);
  });

  it('goes on in each segment after a stop', async () => {
    hub.faults = Array.from({ length: 3 }, () => ({ stall: 20_000 }));
    const cancel = new AbortController();
    const stopped = inSegments({
      signal: cancel.signal,
      onProgress: (done) => {
        if (done === 60_000) cancel.abort();
      },
    });
    await expect(stopped).rejects.toThrow(CancelledError);
    expect((await left()).sort()).toEqual(['file.bin.part', 'file.bin.part.json']);
    hub.requests = [];
    // Also where only one request is wanted now.
    await pull();
    await expectWhole();
    expect(ranges().sort()).toEqual(
      [
        ...[0, 1, 2].map((i) => `bytes=${i * segment + 20_000}-${(i + 1) * segment - 1}`),
        ...starts.slice(3),
      ].sort(),
    );
  });

  it('goes on from a part that came in one go', async () => {
    await writePart(bytes.subarray(0, 120_000));
    await inSegments({ connections: 2 });
    await expectWhole();
    expect(ranges()).toContain('bytes=120000-149999');
    expect(ranges()).toHaveLength(4);
  });

  it('goes on where connections break', async () => {
    hub.faults = Array.from({ length: 9 }, () => ({ breakAfter: 10_000 }));
    await inSegments({ retries: 1 });
    await expectWhole();
  });

  it('takes the whole file from a server that knows no ranges', async () => {
    hub.faults = Array.from({ length: 4 }, () => ({ ignoresRange: true }));
    await inSegments();
    await expectWhole();
    expect(ranges().at(-1)).toBeUndefined();
  });

  it.each([
    ['its ETag changes', { headers: { etag: '"2"' } }],
    ['it has become shorter', { status: 416 }],
    ['its length changes', { headers: { 'content-range': 'bytes 50000-99999/300001' } }],
  ])('starts over when %s', async (_what, fault) => {
    hub.faults = [null, fault];
    await inSegments({ connections: 2 });
    await expectWhole();
  });

  it('goes on from a journal that was written before the part', async () => {
    await mkdir(join(folder, 'Art'));
    const journal = { size: bytes.length, segment, etag: null, done: [0, 0, 0, 0, 0, 0] };
    await writeFile(join(folder, 'Art', 'file.bin.part.json'), JSON.stringify(journal));
    await inSegments();
    await expectWhole();
  });

  it('starts over where journal and part do not fit', async () => {
    await writePart(Buffer.alloc(100));
    const done = [50_000, 50_000, 0, 0, 0, 0];
    const journal = { size: bytes.length, segment, etag: null, done };
    await writeFile(join(folder, 'Art', 'file.bin.part.json'), JSON.stringify(journal));
    await inSegments();
    await expectWhole();
    expect(ranges()).toHaveLength(6);
  });

  it('refuses another content and leaves nothing of it', async () => {
    hub.files.set('a/b/Art/file.bin', randomBytes(bytes.length));
    await expect(inSegments()).rejects.toThrow('different content');
    expect(await left()).toEqual([]);
  });
});
