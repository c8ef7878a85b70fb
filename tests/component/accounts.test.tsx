import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { JoinForm } from '../../app/join/[token]/join-form';
import { SignInForm } from '../../app/sign-in/sign-in-form';
import { Refusal, show, words, type Answers } from '../support/render';

const join = (server: Answers = {}, email: string | null = null) =>
  show(<JoinForm token="x" email={email} next="/team" />, { server });
const box = (form: 'join' | 'signIn', name: 'name' | 'email' | 'password') =>
  screen.getByLabelText(words(`accounts.${form}.${name}` as 'accounts.join.name'));
const button = (form: 'join' | 'signIn') =>
  screen.getByRole('button', { name: words(`accounts.${form}.submit`) });

test('joining says what is missing at each field, and goes to the first', async () => {
  const { user, sent } = join();
  await user.click(button('join'));
  await waitFor(() =>
    expect(box('join', 'name')).toHaveAccessibleDescription(words('accounts.wrong.nameMissing')),
  );
  expect(box('join', 'name')).toHaveFocus();
  expect(box('join', 'email')).toHaveAccessibleDescription(words('accounts.wrong.emailMissing'));
  expect(box('join', 'password')).toHaveAccessibleDescription(words('accounts.wrong.passwordMissing'));
  expect(sent('accounts.join')).toEqual([]);
});

test.each([
  ['short', 'passwordShort'],
  ['grace@studio.test', 'passwordIsEmail'],
  ['abababababab', 'passwordRepeats'],
] as const)('the password %s is refused: %s', async (password, wrong) => {
  const { user, sent } = join();
  await user.type(box('join', 'name'), 'Grace');
  await user.type(box('join', 'email'), 'grace@studio.test');
  await user.type(box('join', 'password'), password);
  await user.click(button('join'));
  const said = words(`accounts.wrong.${wrong}`, { min: 10 } as never);
  await waitFor(() => expect(box('join', 'password')).toHaveAccessibleDescription(said));
  expect(sent('accounts.join')).toEqual([]);
});

test('pressed twice, an account is asked for once, with the address of the invitation', async () => {
  const { user, sent } = join({ 'accounts.join': () => new Promise(() => undefined) }, 'grace@studio.test');
  expect(box('join', 'email')).toHaveAttribute('readonly');
  await user.type(box('join', 'name'), 'Grace');
  await user.type(box('join', 'password'), 'correct horse battery');
  await user.dblClick(button('join'));
  await screen.findByRole('button', { name: words('accounts.join.busy') });
  expect(sent('accounts.join')).toEqual([
    { name: 'Grace', email: 'grace@studio.test', password: 'correct horse battery', token: 'x' },
  ]);
});

test('what the server refuses stands at the field that it is about, else above the button', async () => {
  let refusal: Record<string, unknown> = { reason: 'EMAIL_TAKEN', message: 'Somebody has this address.' };
  const { user } = join({
    'accounts.join': () => {
      throw new Refusal({ httpStatus: 400, ...refusal });
    },
  });
  await user.type(box('join', 'name'), 'Grace');
  await user.type(box('join', 'email'), 'grace@studio.test');
  await user.type(box('join', 'password'), 'correct horse battery{Enter}');
  await waitFor(() => expect(box('join', 'email')).toHaveAccessibleDescription('Somebody has this address.'));
  expect(box('join', 'email')).toHaveFocus();
  refusal = { reason: 'INVITATION_USED', message: 'The link was used.' };
  await user.click(button('join'));
  await waitFor(() => expect(screen.getByText('The link was used.')).toBeVisible());
  expect(box('join', 'email')).toBeValid();
});

test('a password is hidden until somebody wants to see it', async () => {
  const { user } = show(<SignInForm next="/" />);
  const password = box('signIn', 'password');
  expect(password).toHaveAttribute('type', 'password');
  await user.click(screen.getByRole('button', { name: words('accounts.signIn.show') }));
  expect(password).toHaveAttribute('type', 'text');
  await user.click(screen.getByRole('button', { name: words('accounts.signIn.hide') }));
  expect(password).toHaveAttribute('type', 'password');
});

test('a browser that keeps no cookies is told so, and is not sent on', async () => {
  const { user } = show(<SignInForm next="/" />, {
    server: { 'accounts.signIn': () => null, 'accounts.me': () => null },
  });
  await user.type(box('signIn', 'email'), 'grace@studio.test');
  await user.type(box('signIn', 'password'), 'correct horse battery{Enter}');
  await waitFor(() => expect(screen.getByText(words('errors.COOKIES_NEEDED'))).toBeVisible());
});
