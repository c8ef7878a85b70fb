import { invite } from '../../server/accounts/invitations';
import type { Me, Role } from '../../server/accounts/schema';
import type { TestStudio } from './studio';
import { createTestBrowser, type TestBrowser } from './test-browser';

/** People who come and go as they do on the page: by invitations, with passwords. */
export interface TestTeam {
  /** The token of an invitation that the server itself made. */
  linkFor: (role: Role, email?: string) => Promise<string>;
  /** What somebody new sends with a token. */
  person: (token: string) => { token: string; name: string; email: string; password: string };
  /** Somebody who has joined, in their browser. */
  joined: (
    role: Role,
    options?: { secure?: boolean },
  ) => Promise<{ browser: TestBrowser; me: Me; email: string }>;
}

export const password = 'correct horse battery';

export function teamOf({ services }: TestStudio): TestTeam {
  let people = 0;
  const linkFor: TestTeam['linkFor'] = async (role, email) =>
    (await invite(services.db, null, { role, email, days: 7 })).token;
  const person: TestTeam['person'] = (token) => {
    const n = ++people;
    return { token, name: `Person ${n}`, email: `person${n}@studio.test`, password };
  };
  return {
    linkFor,
    person,
    async joined(role, options = {}) {
      const browser = createTestBrowser(services, options);
      const who = person(await linkFor(role));
      const me = await browser.api.accounts.join.mutate(who);
      return { browser, me, email: who.email };
    },
  };
}

/** Why a call was refused; null when it was not. Of procedures called directly and over HTTP alike. */
export const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: { data?: { reason?: string }; cause?: { reason?: string }; message: string }) =>
      error.data?.reason ?? error.cause?.reason ?? error.message,
  );
