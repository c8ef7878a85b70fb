import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { Calls } from '../../app/developers/calls';
import { Keys } from '../../app/developers/keys';
import type { KeyView } from '../../server/accounts/keys/schema';
import { demoModel } from '../support/demo-model';
import { show, words } from '../support/render';

const kept: KeyView = {
  ...{ id: '0190d3f0-0000-7000-8000-000000000001', name: 'kept', prefix: 'ngs_abcd' },
  ...{ createdAt: new Date('2026-01-05T10:00:00Z'), lastUsedAt: null },
};

test('a key needs a name', async () => {
  const { user, sent } = show(<Keys />, { server: { 'keys.list': () => [] } });
  await screen.findByText(words('developers.keys.empty'));
  await user.click(screen.getByRole('button', { name: words('developers.keys.create') }));
  expect(await screen.findByRole('alert')).toHaveTextContent(words('developers.keys.nameMissing'));
  const box = screen.getByLabelText(words('developers.keys.name'));
  expect(box).toBeInvalid();
  expect(box).toHaveFocus();
  expect(sent('keys.create')).toEqual([]);
});

test('a new key is shown once, has the focus, and is gone when it was copied', async () => {
  const made = { ...kept, secret: 'ngs_secret' };
  const server = { 'keys.list': () => [kept], 'keys.create': () => made };
  const { user, sent } = show(<Keys />, { server });
  await user.type(screen.getByLabelText(words('developers.keys.name')), 'kept{Enter}');
  const secret = await screen.findByRole('group', {
    name: words('developers.keys.newTitle', { name: 'kept' }),
  });
  expect(secret).toHaveFocus();
  expect(within(secret).getByLabelText(words('developers.keys.secret'))).toHaveValue('ngs_secret');
  expect(sent('keys.create')).toEqual([{ name: 'kept' }]);
  await user.click(within(secret).getByRole('button', { name: words('developers.keys.done') }));
  expect(screen.queryByDisplayValue('ngs_secret')).toBeNull();
});

test('a key that is made while the list is first read is in it', async () => {
  const answers: ((keys: KeyView[]) => void)[] = [];
  const { user } = show(<Keys />, {
    server: {
      'keys.list': () => new Promise((resolve) => answers.push(resolve)),
      'keys.create': () => ({ ...kept, secret: 'ngs_secret' }),
    },
  });
  await user.type(screen.getByLabelText(words('developers.keys.name')), 'kept{Enter}');
  await screen.findByRole('group', { name: words('developers.keys.newTitle', { name: 'kept' }) });
  await waitFor(() => expect(answers).toHaveLength(2));
  await act(async () => answers[1]!([kept]));
  await act(async () => answers[0]!([]));
  expect(await screen.findByText('kept')).toBeVisible();
  expect(screen.queryByText(words('developers.keys.empty'))).toBeNull();
});

test('a key is revoked only when that is confirmed', async () => {
  const revoke = vi.fn(() => null);
  const { user, sent } = show(<Keys />, { server: { 'keys.list': () => [kept], 'keys.revoke': revoke } });
  const opener = await screen.findByRole('button', {
    name: words('developers.keys.revokeNamed', { name: 'kept' }),
  });
  await user.click(opener);
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: words('common.cancel') }));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(revoke).not.toHaveBeenCalled();
  await user.click(opener);
  await user.click(
    within(screen.getByRole('dialog')).getByRole('button', { name: words('developers.keys.revoke') }),
  );
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(sent('keys.revoke')).toEqual([{ id: kept.id }]);
});

test.each([
  ['generate', 'images.generate', '/images/generations'],
  ['edit', 'images.edit', '/images/edits'],
  ['understand', 'chat.completions.create', '/chat/completions'],
] as const)('%s is written in every language', async (task, call, route) => {
  const { user } = show(<Calls site="https://studio.example" code={(chunks) => chunks} />, {
    server: { 'demo.model': () => demoModel },
  });
  await user.click(await screen.findByRole('radio', { name: words(`developers.calls.tasks.${task}`) }));
  for (const [language, part] of [
    ['curl', `https://studio.example/api/v1${route}`],
    ['TypeScript', call],
    ['Python', call],
  ] as const) {
    await user.click(screen.getByRole('radio', { name: language }));
    const name = words('developers.calls.code', { task: words(`developers.calls.tasks.${task}`), language });
    await waitFor(() => expect(screen.getByRole('region', { name })).toHaveTextContent(part));
  }
});
