import { create } from 'zustand';
import { changeDraft, focusPrompt, getDraft, useDraft, type Draft } from '../../_request/draft';
import type { ParameterKey } from '../../_request/fields';
import { parameters as allParameters } from '../../../server/demo/parameters';
import { examples, type Example } from './examples-list';
import { cancelUpload, takeUrl } from '../composer/upload';

/** The example whose stored result is shown, by its id. */
const useShownId = create<string | null>(() => null);
/** The hash of its picture once that is in the form; another one is no longer the example's. */
let picture: string | null = null;

export const hideExample = () => useShownId.setState(null);

function numbersOf({ parameters }: Example): Draft['numbers'] {
  const numbers: Draft['numbers'] = {};
  for (const { key, limits = [] } of allParameters) {
    const value = (parameters as Partial<Record<string, number>>)[key];
    if (value !== undefined) for (const { name } of limits) numbers[name as ParameterKey] = String(value);
  }
  return numbers;
}

/**
 * Fills the form and shows the stored result; nothing runs before the form is sent.
 * @param ofThisModel whether the model that is served made it: if not, its settings and its result are of no use
 */
export function chooseExample(example: Example, ofThisModel: boolean): void {
  const { id, task, language, prompt, source } = example;
  cancelUpload();
  changeDraft({
    task,
    language,
    prompt,
    negativePrompt: '',
    source: null,
    numbers: ofThisModel ? numbersOf(example) : {},
    sizeOfSource: true,
    decoder: null,
  });
  const shown = ofThisModel ? id : null;
  useShownId.setState(shown);
  picture = null;
  if (source)
    void takeUrl(source.url, task).then(() => {
      if (shown !== null && useShownId.getState() === id) picture = getDraft().source?.hash ?? null;
    });
  focusPrompt();
}

/** Whether the form still says what made the example. */
function isMadeOf(draft: Draft, example: Example): boolean {
  const numbers = numbersOf(example);
  const names = new Set([...Object.keys(numbers), ...Object.keys(draft.numbers)]) as Set<
    keyof typeof numbers
  >;
  return (
    draft.task === example.task &&
    draft.prompt === example.prompt &&
    draft.negativePrompt === '' &&
    (picture === null || draft.source?.hash === picture) &&
    [...names].every((name) => draft.numbers[name] === numbers[name])
  );
}

/** The chosen example while the form is as it filled it, else null: its result would not be the form's. */
export function useShownExample(): Example | null {
  const draft = useDraft();
  const id = useShownId();
  const example = examples.find((one) => one.id === id);
  return example && isMadeOf(draft, example) ? example : null;
}
