import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { expectAccessibleInBothThemes } from './accessible';
import { freePort, start } from './installation';
import { giveRole, signIn } from './sign-in';

/** Accounts as people meet them, from the first start of an installation of its own. */

const password = 'correct horse battery';

const account = (page: Page, name: string, role: string) =>
  page.getByRole('button', { name: `Account of ${name}, ${role}` });

async function fillJoin(page: Page, name: string, email: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
}

async function fillSignIn(page: Page, email: string, secret: string): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('from the first link to a team, and out again', async ({ browser }) => {
  // Two starts of an installation are in it.
  test.slow();
  const home = await mkdtemp(path.join(tmpdir(), 'studio-accounts-'));
  const port = await freePort();
  let studio = await start(home, port);
  const open = async () => (await browser.newContext({ baseURL: studio.address })).newPage();
  try {
    const [, first = ''] = /(\/join\/[\w-]{43})/.exec(studio.said) ?? [];
    const admin = await open();
    const answer = await admin.goto(first);
    expect(answer?.headers()).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': expect.stringContaining('no-store'),
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
    await expect(admin.getByText('You’re joining as admin.')).toBeVisible();
    const make = admin.getByRole('button', { name: 'Create account' });
    await make.click();
    await expect(admin.getByText('Enter your name.')).toBeVisible();
    await expect(admin.getByLabel('Your name')).toBeFocused();
    await fillJoin(admin, 'Grace Hopper', 'grace@studio.test');
    await admin.getByLabel('Password', { exact: true }).fill('short');
    await make.click();
    await expect(admin.getByText('Use at least 10 characters.')).toBeVisible();
    await expectAccessibleInBothThemes(admin, 'joining, with a mistake');
    await admin.getByLabel('Password', { exact: true }).fill(password);
    await make.dblclick();

    // The admin arrives where others are invited.
    await expect(admin.getByRole('heading', { name: 'Team' })).toBeVisible();
    await expect(account(admin, 'Grace Hopper', 'admin')).toHaveText('GH');
    await admin.getByLabel('Restrict to this address').fill('Ada@Studio.test');
    await admin.getByRole('button', { name: 'Create link' }).click();
    const made = admin.getByRole('group', { name: 'Invitation for a reviewer' });
    await expect(made).toContainText('for ada@studio.test');
    const invitation = await made.getByLabel('Link', { exact: true }).inputValue();
    expect(invitation).toMatch(new RegExp(`^${studio.address}/join/[\\w-]{43}$`));
    await expectAccessibleInBothThemes(admin, 'team, with a link');
    await made.getByRole('button', { name: 'Done' }).click();
    await admin.reload();
    // It is told once.
    expect(await admin.content()).not.toContain(invitation.slice(-43));
    const invitations = admin.getByRole('list', { name: 'Invitations' });
    await expect(invitations.getByRole('listitem').first()).toContainText('for ada@studio.test');

    const reviewer = await open();
    await reviewer.goto(invitation);
    await expect(reviewer.getByText('Grace Hopper invited you. You’re joining as reviewer.')).toBeVisible();
    await expect(reviewer.getByLabel('Email address')).toHaveValue('ada@studio.test');
    await reviewer.getByLabel('Your name').fill('Ada Lovelace');
    await reviewer.getByLabel('Password', { exact: true }).fill(password);
    await reviewer.getByRole('button', { name: 'Create account' }).click();
    await expect(account(reviewer, 'Ada Lovelace', 'reviewer')).toBeVisible();
    await expect(reviewer.getByRole('navigation', { name: 'Pages' }).getByText('Reviews')).toBeVisible();

    const late = await open();
    await late.goto(invitation);
    await expect(late.getByRole('heading', { name: 'This link doesn’t work' })).toBeVisible();
    await expect(late.getByText('This invitation has already been used')).toBeVisible();
    await expectAccessibleInBothThemes(late, 'used invitation');
    await late.goto('/team');
    await expect(late).toHaveURL(/\/sign-in\?next=\/team$/);

    await reviewer.goto('/team');
    await expect(reviewer.getByRole('heading', { name: 'Admins only' })).toBeVisible();
    await expectAccessibleInBothThemes(reviewer, 'refused');
    await account(reviewer, 'Ada Lovelace', 'reviewer').click();
    await expectAccessibleInBothThemes(reviewer, 'account menu');
    await reviewer.getByRole('button', { name: 'Sign out' }).click();
    await expect(reviewer.getByRole('link', { name: 'Sign in' })).toBeVisible();
    await expect(reviewer.getByRole('navigation', { name: 'Pages' }).getByText('Reviews')).toBeHidden();

    await reviewer.goto('/sign-in?next=//evil.test');
    await fillSignIn(reviewer, 'ada@studio.test', 'not the password');
    await expect(reviewer.getByText('Wrong email address or password.')).toBeVisible();
    await expectAccessibleInBothThemes(reviewer, 'sign-in, refused');
    await reviewer.goto('/account');
    await expect(reviewer).toHaveURL(/\/sign-in\?next=\/account$/);
    await fillSignIn(reviewer, 'ada@studio.test', password);
    await expect(reviewer.getByRole('heading', { name: 'Your account' })).toBeVisible();
    await expect(reviewer.getByRole('list', { name: 'Where you are signed in' })).toContainText('Chrome on');
    await expectAccessibleInBothThemes(reviewer, 'account');

    // A role that is taken away counts at once.
    await admin.reload();
    await admin.getByRole('combobox', { name: 'Role of Ada Lovelace' }).click();
    await admin.getByRole('option', { name: 'viewer', exact: true }).click();
    await expect(admin.getByText('Ada Lovelace is now viewer.')).toBeVisible();
    await expect(admin.getByRole('list', { name: 'Account and run activity' })).toContainText(
      'changed the role of Ada Lovelace from reviewer to viewer',
    );
    await reviewer.reload();
    await expect(account(reviewer, 'Ada Lovelace', 'viewer')).toBeVisible();

    // The last admin stays one.
    await admin.getByRole('combobox', { name: 'Role of Grace Hopper' }).click();
    await admin.getByRole('option', { name: 'viewer', exact: true }).click();
    await expect(admin.getByText('This is the last admin. Make someone else an admin first.')).toBeVisible();

    // A forgotten password.
    await admin.getByRole('button', { name: 'More actions for Ada Lovelace' }).click();
    await admin.getByRole('menuitem', { name: 'Password reset link' }).click();
    await expectAccessibleInBothThemes(admin, 'asked before');
    await admin.getByRole('button', { name: 'Create link' }).click();
    const reset = await admin
      .getByRole('group', { name: 'A new password for Ada Lovelace' })
      .getByLabel('Link', { exact: true })
      .inputValue();
    await late.goto(reset);
    await expectAccessibleInBothThemes(late, 'new password');
    await late.getByLabel('New password', { exact: true }).fill('another long one');
    await late.getByRole('button', { name: 'Set password' }).click();
    await expect(account(late, 'Ada Lovelace', 'viewer')).toBeVisible();
    await reviewer.reload();
    await expect(reviewer).toHaveURL(/\/sign-in/);

    await admin.getByRole('button', { name: 'More actions for Ada Lovelace' }).click();
    await admin.getByRole('menuitem', { name: 'Disable' }).click();
    await admin.getByRole('button', { name: 'Disable' }).click();
    await expect(admin.getByText('Ada Lovelace can no longer sign in.')).toBeVisible();
    await late.reload();
    await expect(late.getByRole('link', { name: 'Sign in' })).toBeVisible();
    await late.goto('/sign-in');
    await fillSignIn(late, 'ada@studio.test', 'another long one');
    await expect(late.getByText('This account is disabled.')).toBeVisible();

    // There is an admin: the next start offers nothing.
    await studio.stop();
    studio = await start(home, port);
    expect(studio.said).not.toContain('/join/');
    await admin.reload();
    await expect(account(admin, 'Grace Hopper', 'admin')).toBeVisible();
  } finally {
    await studio.stop();
    await rm(home, { recursive: true, force: true });
  }
});

test('the pages fit a phone, in both languages', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 780 });
  await signIn(page, 'admin', 'Grace Brewster Murray Hopper');
  for (const language of ['en', 'zh']) {
    await page
      .context()
      .addCookies([{ name: 'studio_locale', value: language, url: test.info().project.use.baseURL }]);
    for (const place of ['/account', '/team', '/']) {
      await page.goto(place);
      await expect(page.getByText('GH', { exact: true }).first()).toBeInViewport({ ratio: 1 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${place} in ${language}`).toBeLessThanOrEqual(0);
    }
  }
});

test('somebody whose role was taken away under an open page is told so', async ({ page }) => {
  const me = await signIn(page, 'admin', 'Grace');
  await page.goto('/team');
  await expect(page.getByRole('heading', { name: 'Team' })).toBeVisible();
  await giveRole(me, 'viewer');
  await page.getByRole('button', { name: 'Create link' }).click();
  await expect(page.getByText('This requires the admin role; yours is viewer.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Admins only' })).toBeVisible();
});
