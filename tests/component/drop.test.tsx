import { act, createEvent, fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { dragType, DropOverlay } from '../../app/(demo)/composer/drop-overlay';
import { changeDraft, emptyDraft, getDraft } from '../../app/_request/draft';
import { demoModel } from '../support/demo-model';
import { show, words } from '../support/render';

const taken = vi.hoisted(() => ({ take: vi.fn(), restoreOrTake: vi.fn(), restoreOnly: vi.fn() }));
vi.mock('../../app/(demo)/composer/use-image-file', () => ({ useImageFile: () => taken }));
beforeEach(() => {
  act(() => changeDraft(emptyDraft));
  for (const one of Object.values(taken)) one.mockClear();
});

const file = new File(['x'], 'a.png', { type: 'image/png' });
const item = { kind: 'file', type: file.type, getAsFile: () => file, webkitGetAsEntry: () => null };
const files = { types: ['Files'], files: [file], items: [item], getData: () => '' };
const source = { hash: 'b'.repeat(64), width: 1, height: 1 };
const result = {
  ...{ types: [dragType], files: [], items: [] },
  getData: (type: string) => (type === dragType ? JSON.stringify(source) : ''),
};
const text = { types: ['text/plain'], files: [], items: [], getData: () => 'words' };

function open() {
  show(
    <>
      <main>
        <textarea aria-label="box" />
      </main>
      <DropOverlay />
    </>,
    { server: { 'demo.model': () => demoModel } },
  );
  const page = screen.getByRole('main');
  const drag = (dataTransfer: unknown) => {
    fireEvent.dragEnter(page, { dataTransfer });
    fireEvent.dragOver(page, { dataTransfer });
  };
  const zone = (name: 'edit' | 'ask') => screen.getByText(words(`demo.drop.${name}`));
  return { page, drag, zone, overlay: zone('edit').closest('[aria-hidden]') };
}

test('the zones show while a file is dragged over the page, and go when it leaves the window', async () => {
  const { page, drag, overlay } = open();
  expect(overlay).toHaveClass('hidden');
  drag(files);
  await waitFor(() => expect(overlay).not.toHaveClass('hidden'));
  fireEvent.dragLeave(page, { dataTransfer: files, relatedTarget: null });
  await waitFor(() => expect(overlay).toHaveClass('hidden'));
});

test('a file is used as the zone says that it is dropped on', async () => {
  const { drag, zone } = open();
  drag(files);
  fireEvent.drop(zone('ask'), { dataTransfer: files });
  await waitFor(() => expect(taken.take).toHaveBeenCalledWith(file, 'understand'));
});

test('a file is taken wherever on the page it is dropped', async () => {
  const { page, drag } = open();
  drag(files);
  fireEvent.drop(page, { dataTransfer: files });
  await waitFor(() => expect(taken.restoreOrTake).toHaveBeenCalledWith(file, 'edit'));
});

test('a result of the page, which carries no file, is taken too', async () => {
  const { drag, zone } = open();
  drag(result);
  fireEvent.drop(zone('edit'), { dataTransfer: result });
  await waitFor(() => expect(getDraft()).toMatchObject({ task: 'edit', source }));
});

test('an image is taken wherever it is pasted', async () => {
  open();
  fireEvent.paste(screen.getByLabelText('box'), { clipboardData: files });
  await waitFor(() => expect(taken.restoreOrTake).toHaveBeenCalledWith(file));
});

test('a text that is dragged is left to the browser', () => {
  open();
  const box = screen.getByLabelText('box');
  const over = createEvent.dragOver(box, { dataTransfer: text });
  fireEvent(box, over);
  expect(over.defaultPrevented).toBe(false);
});
