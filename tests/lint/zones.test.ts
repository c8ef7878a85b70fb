import path from 'node:path';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';
import { root } from '../support/paths';

const rule = 'import-x/no-restricted-paths';
const eslint = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => ruleId === rule });

async function refusals(file: string, imported: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import '${imported}';\n`, { filePath: path.join(root, file) });
  return result!.messages.map(({ ruleId }) => ruleId ?? '');
}

test.each([
  ['app/runs/page.tsx', '../(demo)/demo'],
  ['app/layout.tsx', './(demo)/demo'],
  ['app/_ui/dialog.tsx', '../(demo)/lazy'],
  ['server/platform/env/env.ts', '../../../app/_ui/cn'],
  ['server/platform/env/env.ts', '../../accounts/schema'],
  ['server/evaluation/runs/start.ts', '../../worker/prepare-handler'],
  ['server/reviews/router.ts', '../api/root'],
])('%s must not import %s', async (file, imported) => {
  expect(await refusals(file, imported)).toEqual([rule]);
});

test.each([
  ['app/(demo)/page.tsx', './demo'],
  ['app/(demo)/demo.tsx', '../_ui/cn'],
  ['server/api/root.ts', '../reviews/router'],
  ['server/worker/worker.ts', '../inference/queue/queue'],
])('%s may import %s', async (file, imported) => {
  expect(await refusals(file, imported)).toEqual([]);
});
