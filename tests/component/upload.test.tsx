import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Composer } from '../../app/(demo)/composer/composer';
import { DropOverlay } from '../../app/(demo)/composer/drop-overlay';
import { changeDraft, emptyDraft, getDraft } from '../../app/_request/draft';
import { demoModel } from '../support/demo-model';
import { show, words } from '../support/render';

const stored = { hash: 'a'.repeat(64), width: 256, height: 256 };
const upload = vi.fn(async (_url: string, _init: RequestInit) => Response.json(stored));

/** A browser that reads no image but those which the server takes as they are. */
class NoImage {
  onerror?: () => void;
  set src(_: string) {
    queueMicrotask(() => this.onerror?.());
  }
}

beforeEach(() => {
  act(() => changeDraft({ ...emptyDraft, task: 'edit' }));
  upload.mockClear();
  vi.stubGlobal('fetch', upload);
  vi.stubGlobal('Image', NoImage);
  vi.stubGlobal(
    'URL',
    Object.assign(URL, { createObjectURL: () => 'blob:here', revokeObjectURL: () => undefined }),
  );
});
afterEach(() => vi.unstubAllGlobals());

function open() {
  show(
    <>
      <DropOverlay />
      <Composer panel="closed" onTogglePanel={() => undefined} onSubmitted={() => undefined} />
    </>,
    { server: { 'demo.model': () => demoModel } },
  );
  const form = within(screen.getByRole('form', { name: words('demo.form') }));
  const field = form.getByLabelText(words('demo.source.file'));
  // As a person does who asks the browser's dialog for all files.
  const pick = (file: File) => fireEvent.change(field, { target: { files: [file] } });
  return { form, pick };
}

const plain = async () => {
  const pixels = sharp({ create: { width: 256, height: 256, channels: 3, background: '#cdd8e4' } });
  return new File([new Uint8Array(await pixels.png().toBuffer())], 'plain.png', { type: 'image/png' });
};
const animated = async () => {
  const frames = ['red', 'green'].map((background) =>
    sharp({ create: { width: 16, height: 16, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .webp()
    .toBuffer();
};

const refused = [
  { name: 'notes.txt', make: () => Buffer.from('hello'), reason: 'upload_format' },
  { name: 'notes.png', make: () => Buffer.from('hello'), reason: 'upload_format' },
  { name: 'moving.webp', make: animated, reason: 'upload_animated' },
  {
    name: 'photo.jpg',
    make: () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
    reason: 'upload_heic',
  },
  { name: 'empty.png', make: () => Buffer.alloc(0), reason: 'upload_empty' },
  { name: 'large.png', make: () => Buffer.alloc(20_000_001), reason: 'upload_large' },
] as const;

test.each(refused)(
  '$name is refused beside the picture as $reason, and the next one is taken',
  async ({ name, make, reason }) => {
    const { form, pick } = open();
    pick(new File([new Uint8Array(await make())], name));
    const said = words(`errors.${reason}`, { name, format: 'WebP', megabytes: '20.0' });
    await waitFor(() => expect(form.getByRole('alert')).toHaveTextContent(said));
    expect(form.queryByRole('img')).toBeNull();
    expect(upload).not.toHaveBeenCalled();
    pick(await plain());
    await form.findByRole('img', { name: words('demo.source.chosen') });
    expect(form.getByRole('alert')).toBeEmptyDOMElement();
    expect(getDraft().source).toEqual(stored);
  },
);

test('what the server says of a picture that it does not take is told', async () => {
  upload.mockResolvedValueOnce(
    Response.json({ code: 'BAD_IMAGE', message: 'It ends too early.' }, { status: 400 }),
  );
  const { form, pick } = open();
  pick(await plain());
  await waitFor(() => expect(form.getByRole('alert')).toHaveTextContent('It ends too early.'));
  expect(getDraft().source).toBeNull();
});
