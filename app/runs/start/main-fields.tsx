import { useTranslations } from 'next-intl';
import { atLeast } from '@/server/accounts/schema';
import type { RunOptions } from '@/server/evaluation/runs/schema';
import { useMe } from '../../_ui/current-user';
import { Select } from '../../_ui/select';
import { useFigures } from '../shared/use-figures';
import { Field, TextField } from '../../_ui/field';
import { newEndpoint, type BenchmarkOption, type StartForm } from './start-form';

export interface FieldsProps {
  form: StartForm;
  options: RunOptions;
  benchmark: BenchmarkOption | undefined;
  change: (part: Partial<StartForm>) => void;
  /** What is wrong with a field, in words. */
  errorOf: (field: string) => string | null;
}

/** The model, the benchmark, and which part of it. */
export function MainFields({ form, options, benchmark, change, errorOf }: FieldsProps) {
  const t = useTranslations('runs');
  const me = useMe();
  const { group, count } = useFigures();
  const mayName = me !== null && atLeast(me.role, 'admin');
  const models = [
    ...options.models.map(({ revisionId, name, version, kind, active }) => ({
      value: revisionId,
      label: [`${name} ${version}`.trim(), active ? t('start.activeModel') : t(`modelKinds.${kind}`)].join(
        ' · ',
      ),
    })),
    ...(mayName || options.models.length === 0
      ? [{ value: newEndpoint, label: t('start.newEndpoint') }]
      : []),
  ];
  const toggle = (name: string, yes: boolean) =>
    change({
      groups: yes ? [...form.groups, name] : form.groups.filter((one) => one !== name),
    });
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field size="small" id="start-model" label={t('start.model')} problem={errorOf('model')}>
          <Select
            id="start-model"
            className="w-full"
            value={form.model}
            options={models}
            onChange={(model) => change({ model })}
          />
        </Field>
        <Field
          id="start-benchmark"
          size="small"
          label={t('start.benchmark')}
          problem={errorOf('benchmark') ?? benchmark?.unavailable ?? null}
        >
          <Select
            id="start-benchmark"
            className="w-full"
            value={form.benchmark}
            options={options.benchmarks.map(({ name, title, synthetic, items }) => ({
              value: name,
              label: [
                title,
                synthetic && t('synthetic'),
                items !== null && t('start.items', { count: items }),
              ]
                .filter(Boolean)
                .join(' · '),
            }))}
            onChange={(name) => change({ benchmark: name, groups: [], settings: {}, repeats: '' })}
          />
        </Field>
      </div>
      {form.model === newEndpoint && (
        <fieldset className="border-line grid gap-4 rounded-xl border p-3.5 sm:grid-cols-2">
          <legend className="px-1 text-[13px] font-medium">{t('start.endpoint')}</legend>
          <TextField
            size="small"
            id="start-baseUrl"
            label={t('start.baseUrl')}
            placeholder="https://host/v1"
            className="sm:col-span-2"
            problem={errorOf('baseUrl')}
            value={form.endpoint.baseUrl}
            onChange={(event) => change({ endpoint: { ...form.endpoint, baseUrl: event.target.value } })}
            autoComplete="off"
            spellCheck={false}
            maxLength={2000}
          />
          <TextField
            size="small"
            id="start-endpointModel"
            label={t('start.endpointModel')}
            maxLength={200}
            problem={errorOf('endpointModel')}
            value={form.endpoint.model}
            onChange={(event) => change({ endpoint: { ...form.endpoint, model: event.target.value } })}
            autoComplete="off"
            spellCheck={false}
          />
          <TextField
            size="small"
            id="start-apiKeyEnv"
            label={t('start.apiKeyEnv')}
            hint={t('start.apiKeyEnvHint')}
            maxLength={100}
            problem={errorOf('apiKeyEnv')}
            value={form.endpoint.apiKeyEnv}
            onChange={(event) => change({ endpoint: { ...form.endpoint, apiKeyEnv: event.target.value } })}
            autoComplete="off"
            spellCheck={false}
          />
        </fieldset>
      )}
      {benchmark && benchmark.groups.length > 1 && (
        <fieldset>
          <legend className="mb-1 text-[13px] font-medium">{t('start.groups')}</legend>
          <div className="flex max-h-36 flex-wrap gap-x-5 gap-y-1 overflow-y-auto">
            {benchmark.groups.map(({ name, n }) => (
              <label key={name} className="flex cursor-pointer items-center gap-2 py-0.5 text-sm">
                <input
                  type="checkbox"
                  className="accent-accent size-4"
                  checked={form.groups.includes(name)}
                  onChange={(event) => toggle(name, event.target.checked)}
                />
                {group(name)} <span className="text-muted text-xs tabular-nums">{count(n)}</span>
              </label>
            ))}
          </div>
          <p className="text-muted mt-1 text-xs leading-4">{t('start.groupsHint')}</p>
        </fieldset>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          size="small"
          id="start-limit"
          numeric
          label={t('start.limit')}
          hint={t('start.limitHint')}
          placeholder={t('start.all')}
          problem={errorOf('limit')}
          value={form.limit}
          onChange={(event) => change({ limit: event.target.value })}
        />
        {benchmark && benchmark.task !== 'understand' && (
          <TextField
            size="small"
            id="start-repeats"
            numeric
            label={t('start.repeats')}
            hint={t('start.repeatsHint', { n: benchmark.repeats })}
            placeholder={String(benchmark.repeats)}
            problem={errorOf('repeats')}
            value={form.repeats}
            onChange={(event) => change({ repeats: event.target.value })}
          />
        )}
      </div>
    </>
  );
}
