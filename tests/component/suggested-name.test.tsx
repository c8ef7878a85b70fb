import { act, render } from '@testing-library/react';
import { FormProvider, useForm, type UseFormReturn } from 'react-hook-form';
import { expect, test } from 'vitest';
import type { QueueForm } from '../../app/reviews/new/form';
import { useSuggestedName } from '../../app/reviews/new/use-suggested-name';

let form: UseFormReturn<QueueForm>;

function Named({ name }: { name: string | null }) {
  useSuggestedName(name);
  return <p>{form.formState.errors.name ? 'wrong' : 'right'}</p>;
}

function Form({ name }: { name: string | null }) {
  form = useForm<QueueForm>({
    defaultValues: { name: '' },
    resolver: (values) =>
      values.name ? { values, errors: {} } : { values: {}, errors: { name: { type: 'name' } } },
  });
  return (
    <FormProvider {...form}>
      <Named name={name} />
    </FormProvider>
  );
}

test('a name that is suggested after the form was sent clears its error, and one that was written stays', async () => {
  const { rerender, container } = render(<Form name={null} />);
  await act(() => form.handleSubmit(() => undefined)());
  expect(container).toHaveTextContent('wrong');
  await act(async () => rerender(<Form name="nano on GenEval" />));
  expect(container).toHaveTextContent('right');
  expect(form.getValues('name')).toBe('nano on GenEval');
  act(() => form.setValue('name', 'ours', { shouldDirty: true }));
  await act(async () => rerender(<Form name="another" />));
  expect(form.getValues('name')).toBe('ours');
});
