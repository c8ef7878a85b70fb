import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { changeDraft, emptyDraft, getDraft } from '../../_request/draft';
import { pictureSettled, takeFile, uploadState } from './upload';

// What a browser makes of a file: tests/browser/input.spec.ts.
vi.mock('../../_ui/picture-file', () => ({
  preparePicture: (file: File) => Promise.resolve({ file, notes: [] }),
}));

const stored = { hash: 'a'.repeat(64), width: 64, height: 48 };
let answer: (response: Response) => void;
let reply: Promise<Response>;
/** The answer to the next request, which may be given before it is sent. */
const expectRequest = () => (reply = new Promise((resolve) => (answer = resolve)));

beforeEach(() => {
  vi.stubGlobal('document', { getElementById: () => null });
  vi.stubGlobal('HTMLTextAreaElement', class {});
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => {} }));
  void expectRequest();
  vi.stubGlobal('fetch', () => {
    const mine = reply;
    void expectRequest();
    return mine;
  });
  changeDraft({ ...emptyDraft, task: 'understand' });
});
afterEach(() => vi.unstubAllGlobals());

const file = new File(['x'], 'a.png', { type: 'image/png' });
const failed = async () => {
  const taken = takeFile(file);
  answer(Response.json({ reason: 'image_format' }, { status: 400 }));
  await taken;
  expect(uploadState()).toBe('failed');
};

test('an image that is refused while the question is sent holds it back once; read, it does not', async () => {
  const taken = takeFile(file);
  const settled = pictureSettled();
  answer(Response.json({ reason: 'image_format' }, { status: 400 }));
  await taken;
  expect(await settled).toBe(false);
  expect(uploadState()).toBe('failed');
  expect(await pictureSettled()).toBe(true);
  expect(uploadState()).toBe('idle');
});

test('an edit is sent to be told that it needs an image; what was wrong with the file stays', async () => {
  await failed();
  changeDraft({ task: 'understand' });
  expect(uploadState()).toBe('failed');
  changeDraft({ task: 'edit' });
  await failed();
  expect(await pictureSettled()).toBe(true);
  expect(uploadState()).toBe('failed');
});

test.each<[string, () => void]>([
  ['the task', () => changeDraft({ task: 'generate' })],
  ['the image', () => changeDraft({ source: { ...stored, parentId: 'x' } })],
])('what was wrong is over with a change of %s', async (_name, change) => {
  await failed();
  change();
  expect(uploadState()).toBe('idle');
});

test('an image that arrives late does not replace one that was chosen meanwhile', async () => {
  const taken = takeFile(file);
  const chosen = { ...stored, hash: 'b'.repeat(64), parentId: 'x' };
  changeDraft({ source: chosen });
  answer(Response.json(stored));
  await taken;
  expect(getDraft().source).toEqual(chosen);
  expect(uploadState()).toBe('idle');
});

test('an image that arrives is the image of the composer', async () => {
  const taken = takeFile(file);
  answer(Response.json(stored));
  await taken;
  expect([getDraft().source, uploadState()]).toEqual([stored, 'idle']);
});
