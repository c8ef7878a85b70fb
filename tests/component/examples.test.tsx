import { act, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { Examples } from '../../app/(demo)/examples/examples';
import { examples, examplesBy } from '../../app/(demo)/examples/examples-list';
import { changeDraft, emptyDraft, getDraft } from '../../app/_request/draft';
import { demoModel } from '../support/demo-model';
import { show, words } from '../support/render';

beforeEach(() => act(() => changeDraft(emptyDraft)));

const [first] = examples as [(typeof examples)[0]];

async function choose(name: string) {
  const { user } = show(<Examples />, { server: { 'demo.model': () => ({ ...demoModel, name }) } });
  const by = words('demo.examples.ofAnother', {
    ...{ by: `${examplesBy.name} ${examplesBy.version}`, model: name },
  });
  if (name !== examplesBy.name) await screen.findByText(by);
  else expect(screen.queryByText(by)).toBeNull();
  await user.click(screen.getAllByRole('button')[0]!);
  return getDraft();
}

test('an example fills the form with what it was made with', async () => {
  expect(await choose(examplesBy.name)).toMatchObject({
    prompt: first.prompt,
    numbers: { steps: String(first.parameters.steps) },
  });
});

test('an example of another model says so, and leaves the settings as this model has them', async () => {
  expect(await choose('nexus-gen-v2')).toMatchObject({ prompt: first.prompt, numbers: {} });
});
