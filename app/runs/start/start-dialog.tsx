'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState, type FormEvent } from 'react';
import type { RunOptions } from '@/server/evaluation/runs/schema';
import { Button } from '../../_ui/button';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { problemOf, useErrorText } from '../../_ui/error-text';
import { newRequestId } from '../../_ui/request-id';
import { Segmented } from '../../_ui/segmented';
import { useTRPC } from '../../_trpc/client';
import { Failure } from '../../_ui/failure';
import { LabelFields } from '../shared/label-fields';
import { Skeleton } from '../shared/notice';
import { useFigures } from '../shared/use-figures';
import { AdvancedFields } from './advanced-fields';
import { MainFields } from './main-fields';
import { SettingFields } from './setting-fields';
import { emptyForm, fieldOf, requestOf, sampleCount, type Problems, type StartForm } from './start-form';

interface StartDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onStarted: (id: string) => void;
}

/** Starts a run: what is measured, on what, and how. */
export function StartDialog({ open, onOpenChange, onStarted }: StartDialogProps) {
  const t = useTranslations('runs');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t('start.title')} description={t('start.text')} className="max-w-2xl">
        {open && <StartContent onStarted={onStarted} onLeave={() => onOpenChange(false)} />}
      </DialogContent>
    </Dialog>
  );
}

function StartContent({ onStarted, onLeave }: { onStarted: (id: string) => void; onLeave: () => void }) {
  const t = useTranslations('runs');
  const trpc = useTRPC();
  // Workers and models may have come since it was open the last time.
  const options = useQuery(trpc.runs.options.queryOptions(undefined, { staleTime: 0 }));
  if (options.data) return <StartFields {...{ options: options.data, onStarted, onLeave }} />;
  return (
    <DialogBody>
      {options.isError ? (
        <Failure error={options.error} onRetry={() => void options.refetch()} />
      ) : (
        <div role="status" aria-label={t('loading')} className="space-y-4">
          {[0, 1, 2, 3].map((i) => (
            <Skeleton key={i} className="h-14" />
          ))}
        </div>
      )}
    </DialogBody>
  );
}

/** A field that the server refuses, and why; what is typed anew is not refused yet. */
interface Refusal {
  field: string | null;
  text: string;
  form: StartForm;
}

interface StartFieldsProps {
  options: RunOptions;
  onStarted: (id: string) => void;
  onLeave: () => void;
}

function StartFields({ options, onStarted, onLeave }: StartFieldsProps) {
  const t = useTranslations('runs');
  const trpc = useTRPC();
  const say = useErrorText();
  const { count } = useFigures();
  const root = useRef<HTMLFormElement>(null);
  const [form, setForm] = useState(() => emptyForm(options));
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  // The same wish sent again, after an answer was lost, is the same run.
  const sent = useRef<{ form: StartForm; requestId: string } | null>(null);
  const start = useMutation(trpc.runs.start.mutationOptions());
  const benchmark = options.benchmarks.find(({ name }) => name === form.benchmark);
  const checked = requestOf(form, options);
  const problems: Problems = tried ? (checked.problems ?? {}) : onlyTyped(checked.problems ?? {}, form);
  const refused = refusal?.form === form ? refusal : null;
  const errorOf = (field: string): string | null => {
    const problem = problems[field];
    if (problem)
      return problem.kind === 'unavailable'
        ? problem.reason
        : t(`start.problems.${problem.kind}`, {
            min: 'min' in problem ? count(problem.min) : '',
            max: 'max' in problem ? count(problem.max) : '',
          });
    return refused?.field === field ? refused.text : null;
  };
  const change = (part: Partial<StartForm>) => setForm((now) => ({ ...now, ...part }));
  const samples = benchmark ? sampleCount(form, benchmark) : null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (start.isPending) return;
    setTried(true);
    if (!checked.request) {
      requestAnimationFrame(() => root.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    if (sent.current?.form !== form) sent.current = { form, requestId: newRequestId() };
    try {
      const { id } = await start.mutateAsync({ ...checked.request, requestId: sent.current.requestId });
      onLeave();
      onStarted(id);
    } catch (error) {
      const { data } = error as { data?: { field?: string } };
      const field = fieldOf(data?.field) ?? reasonFields[problemOf(error).reason ?? ''] ?? null;
      const shown = field !== null && root.current?.querySelector(`#start-${CSS.escape(field)}`) !== null;
      setRefusal({ field: shown ? field : null, text: say(error), form });
    }
  };
  const shared = { form, options, benchmark, change, errorOf };
  return (
    <form
      ref={root}
      onSubmit={(event) => void submit(event)}
      noValidate
      className="flex min-h-0 flex-1 flex-col"
    >
      <DialogBody className="space-y-5">
        <MainFields {...shared} />
        {benchmark && <SettingFields {...shared} benchmark={benchmark} />}
        <LabelFields form={form.labels} change={(part) => change({ labels: { ...form.labels, ...part } })} />
        <fieldset>
          <legend className="mb-1 text-[13px] font-medium">{t('visibility.label')}</legend>
          <Segmented
            legend={t('visibility.label')}
            name="start-visibility"
            size="small"
            value={form.visibility}
            options={[
              { value: 'team', label: t('visibility.team') },
              { value: 'private', label: t('visibility.private') },
            ]}
            onChange={(visibility) => change({ visibility })}
          />
          <p className="text-muted mt-1 text-xs leading-4">
            {t(`visibility.hints.${form.visibility}`)} {t('visibility.later')}
          </p>
        </fieldset>
        <AdvancedFields {...shared} />
      </DialogBody>
      <div className="border-line bg-surface border-t px-4 py-3">
        {refused?.field === null && (
          <p role="alert" className="text-danger mb-2 text-sm leading-5">
            {refused.text}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <p role="status" className="min-w-0 flex-1 basis-56 text-sm leading-5">
            <span className="font-medium tabular-nums">
              {samples === null ? t('start.samplesUnknown') : t('start.samples', { count: samples })}
            </span>
            <span
              className={options.workers === 0 ? 'text-danger block text-xs' : 'text-muted block text-xs'}
            >
              {options.workers === 0 ? t('start.noWorker') : t('start.workers', { count: options.workers })}
            </span>
          </p>
          <Button onClick={onLeave}>{t('start.leave')}</Button>
          <Button type="submit" variant="primary" aria-disabled={start.isPending}>
            <Play aria-hidden /> {t(start.isPending ? 'start.starting' : 'start.do')}
          </Button>
        </div>
      </div>
    </form>
  );
}

/** Where a refusal that names no field belongs. */
const reasonFields: Record<string, string> = {
  NO_MODEL: 'model',
  MODEL_IMPORTED: 'model',
  ENDPOINT_NEEDS_ADMIN: 'model',
  BAD_ENDPOINT: 'baseUrl',
  NO_BENCHMARK: 'benchmark',
  DATA_MISSING: 'benchmark',
  EVALUATORS_MISSING: 'preset',
};

/** Before the form was sent only what was typed wrong is told, not what is still to be filled in. */
const onlyTyped = (problems: Problems, form: StartForm): Problems =>
  Object.fromEntries(
    Object.entries(problems).filter(
      ([field, { kind }]) =>
        kind !== 'required' && (field !== 'baseUrl' || form.endpoint.baseUrl.includes(' ')),
    ),
  );
