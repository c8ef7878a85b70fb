import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { expect, test, vi } from 'vitest';
import { TagsEditor } from '../../app/reviews/new/tags-editor';
import { FilterBar } from '../../app/runs/samples/filter-bar';
import { filterOf, noFilter, type FilterUrl } from '../../app/runs/samples/url-state';
import type { RunDetail } from '../../server/evaluation/runs/schema';
import { show, words } from '../support/render';

/** What of a run its filters look at. */
const run = {
  groups: ['counting', 'colors'],
  sweep: null,
  metrics: [
    { metric: 'correct', title: 'Correct', ofSamples: true, better: 'higher', unit: null },
    { metric: 'clip', title: 'CLIP', ofSamples: true, better: 'higher', unit: null },
  ],
} as unknown as RunDetail;

function Bar({ from, onChange }: { from: Partial<FilterUrl>; onChange: (url: FilterUrl) => void }) {
  const [url, setUrl] = useState({ ...noFilter, ...from });
  const change = (part: Partial<FilterUrl>) => {
    const next = { ...url, ...part };
    setUrl(next);
    onChange(next);
  };
  return <FilterBar run={run} url={url} filter={filterOf(url, run)} onFilter={change} searchRef={null} />;
}
function open(from: Partial<FilterUrl> = {}) {
  const onChange = vi.fn<(url: FilterUrl) => void>();
  return { ...show(<Bar from={from} onChange={onChange} />), onChange };
}

test('what is searched for stands in the address once the typing rests, as one change', async () => {
  const { onChange } = open();
  const box = screen.getByRole('searchbox');
  for (const value of ['d', 'do', 'dog ']) fireEvent.change(box, { target: { value } });
  expect(onChange).not.toHaveBeenCalled();
  await waitFor(() => expect(onChange).toHaveBeenCalled());
  expect(onChange.mock.calls).toEqual([[{ ...noFilter, q: 'dog' }]]);
});

test('right and wrong are a filter, and all of them none', async () => {
  const { user, onChange } = open({ verdict: 'wrong' });
  expect(screen.getByRole('radio', { name: words('runSamples.filters.verdicts.wrong') })).toBeChecked();
  await user.click(screen.getByRole('radio', { name: words('runSamples.filters.verdicts.all') }));
  expect(onChange).toHaveBeenLastCalledWith(noFilter);
});

test('all filters are reset together', async () => {
  const { user, onChange } = open({ verdict: 'wrong', q: 'dog', group: ['counting'] });
  await user.click(screen.getByRole('button', { name: words('runSamples.filters.reset') }));
  expect(onChange).toHaveBeenLastCalledWith(noFilter);
  await waitFor(() => expect(screen.getByRole('searchbox')).toHaveValue(''));
});

function Tags({ tags, onTags }: { tags: string[]; onTags: (tags: string[]) => void }) {
  const form = useForm({ defaultValues: { rubric: { tags } } });
  form.subscribe({ formState: { values: true }, callback: ({ values }) => onTags(values.rubric.tags) });
  return (
    <FormProvider {...form}>
      <TagsEditor />
    </FormProvider>
  );
}
const shownTags = () =>
  within(screen.getByRole('list', { name: words('reviews.newQueue.tags') }))
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);

test('tags are added by Enter, by commas and when the box is left, each once', async () => {
  const onTags = vi.fn();
  const { user } = show(<Tags tags={['Blurred']} onTags={onTags} />);
  const box = screen.getByRole('textbox');
  await user.type(box, 'Wrong colour; Blurred,, Cut off{Enter}');
  expect(shownTags()).toEqual(['Blurred', 'Wrong colour', 'Cut off']);
  expect(box).toHaveValue('');
  await user.type(box, 'Left');
  await user.tab();
  expect(shownTags()).toContain('Left');
  await user.click(
    screen.getByRole('button', { name: words('reviews.newQueue.removeTag', { name: 'Blurred' }) }),
  );
  expect(shownTags()).not.toContain('Blurred');
});
