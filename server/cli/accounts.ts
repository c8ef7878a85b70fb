import { InvalidArgumentError, Option, type Command } from 'commander';
import { command, number } from '../../eval/cli/options';
import { InputError, printJson } from '../../eval/cli/report';
import { asCommand } from '../../eval/cli/session';
import { table } from '../../eval/cli/table';
import type { Env } from '../platform/env/env';
import { withStudio } from './with-studio';
import { emailSchema, invitationDays, roles, type Role } from '../accounts/schema';

type Finish = (code: number) => void;
interface Printing {
  json?: boolean;
}
interface Linking extends Printing {
  url?: string;
}

/** `studio accounts`: for whoever runs the server, when nobody who could do it on the page can sign in. */
export function addAccountCommands(program: Command, finish: Finish): void {
  const accounts = program.command('accounts').description('manage the team’s accounts');
  accounts.addCommand(inviteCommand(finish)).addCommand(resetCommand(finish)).addCommand(listCommand(finish));
}

const withUrl = (to: Command): Command =>
  to
    .option('--url <url>', 'public address of the server, e.g. https://studio.example')
    .option('--json', 'print a single JSON object');

/**
 * Where the site is: what was given, its path included, else this machine. Without a path of its own the setting's is
 * taken.
 * @throws InputError for an address that is none.
 */
function siteAt(url: string | undefined, { port, basePath }: Env): string {
  const given = url ?? `http://localhost:${port}`;
  if (!/^https?:\/\//.test(given) || !URL.canParse(given))
    throw new InputError(`${given} is not a server address such as https://studio.example.`);
  const { origin, pathname } = new URL(given);
  return `${origin}${pathname.replace(/\/+$/, '') || basePath}`;
}

const inviteCommand = (finish: Finish): Command =>
  withUrl(
    command('invite', 'create a one-time link for a new account')
      .addOption(
        new Option('--role <role>', 'role of the new account').choices([...roles]).makeOptionMandatory(),
      )
      .option('--email <address>', 'restrict the link to this email address', emailGiven)
      .option('--days <n>', 'how many days the link is valid', daysGiven, invitationDays.usual),
  ).action((options: Linking & { role: Role; email?: string; days: number }) =>
    asCommand(options, finish, () =>
      withStudio(async ({ db, env }) => {
        const site = siteAt(options.url, env);
        const { invite } = await import('../accounts/invitations');
        const { role, email, days } = options;
        const { token, expiresAt } = await invite(db, null, { role, email, days });
        const link = `${site}/join/${token}`;
        if (options.json) return printJson({ link, role, email: email ?? null, expiresAt });
        process.stdout.write(
          `${link}\nIt creates one account with the role ${role}, until ${shown(expiresAt)}.\n`,
        );
      }),
    ),
  );

const resetCommand = (finish: Finish): Command =>
  withUrl(
    command('reset', 'create a one-time password reset link').argument(
      '<email>',
      'email address of the account',
      emailGiven,
    ),
  ).action((email: string, options: Linking) =>
    asCommand(options, finish, () =>
      withStudio(async ({ db, env }) => {
        const site = siteAt(options.url, env);
        const { makeResetLink } = await import('../accounts/join');
        const user = await db.prisma.user.findUnique({ where: { email }, select: { id: true } });
        if (!user) throw new InputError(`${email} has no account. See studio accounts list.`);
        const { token, expiresAt } = await makeResetLink(db, null, user.id);
        const link = `${site}/reset/${token}`;
        if (options.json) return printJson({ link, email, expiresAt });
        process.stdout.write(
          `${link}\nIt sets a new password for ${email} once, until ${shown(expiresAt)}.\n`,
        );
      }),
    ),
  );

const listCommand = (finish: Finish): Command =>
  command('list', 'list accounts')
    .option('--json', 'print a single JSON object')
    .action((options: Printing) =>
      asCommand(options, finish, () =>
        withStudio(async ({ db }) => {
          const accounts = await db.prisma.user.findMany({
            orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
            select: { email: true, name: true, role: true, createdAt: true, disabledAt: true },
          });
          if (options.json) return printJson({ accounts });
          if (accounts.length === 0)
            return void process.stdout.write('No accounts yet: studio accounts invite --role admin\n');
          process.stdout.write(
            table([
              ['email', 'name', 'role', 'since', 'state'],
              ...accounts.map(({ email, name, role, createdAt, disabledAt }) => [
                ...[email, name, role, shown(createdAt), disabledAt ? 'disabled' : 'active'],
              ]),
            ]),
          );
        }),
      ),
    );

const shown = (date: Date) => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function emailGiven(text: string): string {
  const { data } = emailSchema.safeParse(text);
  if (!data) throw new InvalidArgumentError('It must be an email address.');
  return data;
}

function daysGiven(text: string): number {
  const days = number(text);
  const { min, max } = invitationDays;
  if (!Number.isInteger(days) || days < min || days > max)
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  return days;
}
