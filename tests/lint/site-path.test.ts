import { RuleTester } from 'eslint';
import { test } from 'vitest';
import { sitePathRule } from './site-path.mjs';

const tester = new RuleTester({
  languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } },
});
const errors = [{ messageId: 'bare' }];

// Each case is linted several times over, which takes a busy machine its time.
test(
  'literal paths that lead past the base are found, those of the router are not',
  { timeout: 60_000 },
  () => {
    tester.run('site-path', sitePathRule as never, {
      valid: [
        `fetch(sitePath('/api/uploads'))`,
        `siteFetch('/api/uploads', { method: 'POST' })`,
        `const url = sitePath(\`/api/images/\${hash}\`); fetch(url)`,
        `sitePath(wide ? '/api/a' : '/api/b')`,
        `<a href={sitePath('/sign-in')} />`,
        `<a href="https://example.org/api" />`,
        `<a href="#top" />`,
        `<PageLink href="/runs" />`,
        `router.push('/runs')`,
        `redirect('/sign-in?next=/team')`,
        `text.replace('/', '')`,
        `new URL('//other.test/x', base)`,
        `const pages = [{ href: '/leaderboard' }]`,
      ],
      invalid: [
        { code: `fetch('/api/uploads')`, errors },
        { code: `const path = \`/api/images/\${hash}\``, errors },
        { code: `const picture = { url: '/examples/a.png' }`, errors },
        { code: `<a href="/sign-in" />`, errors },
        { code: `<a href={\`/runs/\${id}\`} />`, errors },
        { code: `<a href={open ? '/runs' : undefined} />`, errors },
        { code: `const home = '/'; location.assign(home)`, errors },
        { code: `window.location.replace('/runs')`, errors },
        { code: `window.open('/r/' + token)`, errors },
        { code: `location.href = '/runs'`, errors },
        { code: `image.src = next ?? '/picture.png'`, errors },
        { code: `new EventSource('/events')`, errors },
        { code: `new URL('/runs', location.href)`, errors },
        { code: `history.replaceState(null, '', '/runs')`, errors },
        { code: `<form action="/sign-in" />`, errors },
        { code: `other('/api/uploads')`, errors },
        { code: `sitePath(a) + f('/api/x')`, errors },
      ],
    });
  },
);
