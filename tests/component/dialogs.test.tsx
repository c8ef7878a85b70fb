import { act, screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { Keys as PageKeys, openKeyboardMap } from '../../app/(demo)/keyboard/keyboard-map';
import { FlagDialog } from '../../app/(demo)/sharing/flag-dialog';
import { changeDraft, emptyDraft, getDraft } from '../../app/_request/draft';
import { ShareDialog } from '../../app/(demo)/sharing/share-dialog';
import { SkipDialog } from '../../app/reviews/work/skip-dialog';
import type { GenerationView } from '../../server/demo/schema';
import { show, words } from '../support/render';

beforeEach(() => act(() => changeDraft(emptyDraft)));

test('the keys of the page choose tasks and rest while somebody types or a window lies over it', async () => {
  const onNewest = vi.fn();
  const { user } = show(
    <>
      <input aria-label="words" />
      <PageKeys onNewest={onNewest} without={[]} />
    </>,
  );
  await user.keyboard('2');
  expect(getDraft().task).toBe('edit');
  await user.keyboard('g');
  expect(onNewest).toHaveBeenCalledOnce();
  await user.type(screen.getByLabelText('words'), '1g?');
  expect(screen.getByLabelText('words')).toHaveValue('1g?');
  expect(getDraft().task).toBe('edit');
  expect(onNewest).toHaveBeenCalledOnce();
  await user.click(document.body);
  await user.keyboard('{Control>}1{/Control}');
  expect(getDraft().task).toBe('edit');
  await user.keyboard('?');
  await screen.findByRole('dialog', { name: words('keyboard.title') });
  await user.keyboard('1');
  expect(getDraft().task).toBe('edit');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.keyboard('1');
  expect(getDraft().task).toBe('generate');
});

test('a window opens on itself, not on its Close button', async () => {
  const { user } = show(<PageKeys onNewest={() => undefined} without={[]} />);
  act(() => openKeyboardMap());
  const dialog = await screen.findByRole('dialog', { name: words('keyboard.title') });
  expect(dialog).toHaveFocus();
  await user.keyboard('{Tab}');
  expect(within(dialog).getByRole('button', { name: words('common.close') })).toHaveFocus();
  await user.keyboard('{Escape}');
});

test('a report needs a reason, and "something else" words', async () => {
  const onOpenChange = vi.fn();
  const { user, sent } = show(<FlagDialog target={{ token: 'x' }} open onOpenChange={onOpenChange} />, {
    server: { 'sharing.flag': () => null },
  });
  const send = screen.getByRole('button', { name: words('sharing.flag.send') });
  await user.click(send);
  expect(await screen.findByText(words('sharing.flag.choose'))).toBeVisible();
  await user.click(screen.getByRole('radio', { name: words('sharing.flag.reasons.other') }));
  await user.click(send);
  expect(await screen.findByText(words('sharing.flag.needed'))).toBeVisible();
  expect(sent('sharing.flag')).toEqual([]);
  await user.type(screen.getByRole('textbox'), ' <b>not green</b> ');
  await user.click(send);
  await waitFor(() => expect(onOpenChange).toHaveBeenCalledWith(false));
  expect(sent('sharing.flag')).toEqual([{ token: 'x', reason: 'other', comment: '<b>not green</b>' }]);
});

function Skipping({ onSkip }: { onSkip: (reason: string) => void }) {
  const [open, setOpen] = useState(true);
  return <SkipDialog open={open} onOpenChange={setOpen} onSkip={onSkip} onClosed={() => undefined} />;
}

test('a digit says why an item is skipped, the last one asks for words', async () => {
  const onSkip = vi.fn();
  const { user } = show(<Skipping onSkip={onSkip} />);
  await user.keyboard('{Control>}1{/Control}9');
  expect(onSkip).not.toHaveBeenCalled();
  await user.keyboard('1');
  expect(onSkip).toHaveBeenLastCalledWith(words('reviewWork.skipping.reasons.unsure'));
  await user.keyboard('6');
  const box = screen.getByRole('textbox');
  expect(box).toHaveFocus();
  await user.keyboard('1 of 2 is cut{Enter}');
  expect(onSkip).toHaveBeenLastCalledWith('1 of 2 is cut');
  expect(onSkip).toHaveBeenCalledTimes(2);
});

test('a link is made although it is not read yet whether there is one, and a late answer does not hide it', async () => {
  let answer: ((state: { token: null; createdAt: null }) => void) | undefined;
  const { user, sent } = show(
    <ShareDialog generation={{ id: 'g' } as GenerationView} open onOpenChange={() => undefined} />,
    {
      server: {
        'sharing.state': () => new Promise((resolve) => (answer = resolve)),
        'sharing.share': () => ({ token: 'abc', createdAt: new Date(0) }),
      },
    },
  );
  await user.click(await screen.findByRole('button', { name: words('sharing.share.create') }));
  const link = await screen.findByLabelText(words('sharing.share.link'));
  await act(async () => answer?.({ token: null, createdAt: null }));
  expect(link).toBeInTheDocument();
  expect(sent('sharing.share')).toEqual([{ id: 'g' }]);
});
