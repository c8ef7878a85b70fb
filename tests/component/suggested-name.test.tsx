import { act, render } from '@testing-library/react';
import { useEffect } from 'react';
import {
  FormProvider,
  useForm,
  useFormState,
  type ResolverResult,
  type UseFormReturn,
} from 'react-hook-form';
import { expect, test } from 'vitest';
import type { QueueForm } from '../../app/reviews/new/form';
import { useSuggestedName } from '../../app/reviews/new/use-suggested-name';

const needsName = (values: QueueForm): ResolverResult<QueueForm, QueueForm> =>
  values.name === '' ? { values: {}, errors: { name: { type: 'name' } } } : { values, errors: {} };

type Form = UseFormReturn<QueueForm, unknown, QueueForm>;

function Named({ name }: { name: string | null }) {
  useSuggestedName(name);
  const { errors } = useFormState<QueueForm>();
  return <p>{errors.name ? 'wrong' : 'right'}</p>;
}

function Page({ name, onForm }: { name: string | null; onForm: (form: Form) => void }) {
  const form = useForm<QueueForm, unknown, QueueForm>({
    defaultValues: { name: '' },
    resolver: needsName,
  });
  useEffect(() => onForm(form));
  return (
    <FormProvider {...form}>
      <Named name={name} />
    </FormProvider>
  );
}

test('a name that is suggested after the form was sent clears its error, and one that was written stays', async () => {
  let form!: Form;
  const onForm = (made: Form) => void (form = made);
  const { rerender, container } = render(<Page name={null} onForm={onForm} />);
  await act(() => form.handleSubmit(() => undefined)());
  expect(container).toHaveTextContent('wrong');
  await act(async () => rerender(<Page name="nano on GenEval" onForm={onForm} />));
  expect(container).toHaveTextContent('right');
  expect(form.getValues('name')).toBe('nano on GenEval');
  act(() => form.setValue('name', 'ours', { shouldDirty: true }));
  await act(async () => rerender(<Page name="another" onForm={onForm} />));
  expect(form.getValues('name')).toBe('ours');
});
