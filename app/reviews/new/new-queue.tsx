'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useRef, useState, type ReactNode } from 'react';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { Button } from '../../_ui/button';
import { useErrorText } from '../../_ui/error-text';
import { newRequestId } from '../../_ui/request-id';
import { toast } from '../../_ui/toaster';
import { useTRPC } from '../../_trpc/client';
import { AboutFields } from './about-fields';
import { emptyForm, resolveForm, toCreate, type QueueForm } from './form';
import { PeopleFields } from './people-fields';
import type { Prefill } from './prefill';
import { presetRubric } from './presets';
import { Preview } from './preview';
import { RubricEditor } from './rubric-editor';
import { SourceCount } from './source-count';
import { SourceFields } from './source-fields';

/** Makes a queue: what is judged, what is asked of it, and by whom. */
export function NewQueue({ prefill }: { prefill: Prefill }) {
  const t = useTranslations('reviews.newQueue');
  const failure = useErrorText();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const router = useRouter();
  const create = useMutation(trpc.reviews.create.mutationOptions());
  const form = useForm<QueueForm>({
    resolver: resolveForm,
    defaultValues: emptyForm(prefill, presetRubric('followed', t)),
  });
  const from = useWatch({ control: form.control, name: 'from' });
  const sent = useRef<{ what: string; requestId: string } | null>(null);
  const [leaving, setLeaving] = useState(false);
  const busy = create.isPending || leaving;
  const wrong = Object.keys(form.formState.errors).filter((name) => name !== 'root').length;
  const { root } = form.formState.errors;

  async function send(values: QueueForm) {
    if (busy) return;
    // The same form sent again is the same queue, also where the answer to the first was lost.
    const what = JSON.stringify(toCreate(values, ''));
    if (sent.current?.what !== what) sent.current = { what, requestId: newRequestId() };
    try {
      const { id } = await create.mutateAsync(toCreate(values, sent.current.requestId));
      setLeaving(true);
      await cache.invalidateQueries({ queryKey: trpc.reviews.queues.queryKey() });
      toast.success(t('made', { name: values.name.trim() }));
      router.push(`/reviews/${id}`);
    } catch (error) {
      form.setError('root', { message: failure(error) });
    }
  }

  return (
    <FormProvider {...form}>
      <form
        noValidate
        aria-label={t('title')}
        onSubmit={(event) => void form.handleSubmit(send)(event)}
        className="mt-5 grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]"
      >
        <div className="flex min-w-0 flex-col gap-5">
          <Section title={t('source')}>
            <SourceFields />
          </Section>
          <Section title={t('about')}>
            <AboutFields />
          </Section>
          <Section title={t('rubric')}>
            {from === 'pair' ? (
              <p className="text-muted text-sm leading-6 text-pretty">{t('pairAsk')}</p>
            ) : (
              <RubricEditor />
            )}
          </Section>
          <Section title={t('people')}>
            <PeopleFields />
          </Section>
        </div>
        <div className="flex min-w-0 flex-col gap-5 lg:sticky lg:top-5">
          <Section title={t('preview')}>
            <Preview />
          </Section>
          <div className="border-line bg-surface rounded-xl border p-4">
            <SourceCount />
            <p role="alert" className="text-danger mt-2 text-[13px] leading-5 empty:hidden">
              {root?.message ?? (wrong > 0 && form.formState.isSubmitted ? t('fix', { count: wrong }) : null)}
            </p>
            <Button type="submit" variant="primary" aria-disabled={busy} className="mt-3 w-full">
              {busy && <LoaderCircle aria-hidden className="animate-spin" />}
              {t('create')}
            </Button>
          </div>
        </div>
      </form>
    </FormProvider>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-line bg-surface rounded-xl border">
      <h3 className="border-line border-b px-4 py-2.5 text-sm font-semibold">{title}</h3>
      <div className="p-4">{children}</div>
    </section>
  );
}
