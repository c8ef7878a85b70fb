'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { Grid3x3, LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Controller, useForm, useWatch, type Control } from 'react-hook-form';
import { mostCells, type GridParameter } from '@/server/demo/grids/schema';
import type { ModelInfo } from '@/server/demo/schema';
import { useErrorText } from '../../_ui/error-text';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { boxStyle } from '../../_ui/field';
import { Select } from '../../_ui/select';
import { focusPrompt, useDraft } from '../../_request/draft';
import { useGenerations } from '../thread/use-generations';
import { useModel } from '../../_ui/use-model';
import { choicesFor, formSchema, preview, rangesOf, suggestion, useSubmitGrid, type GridForm } from './form';
import { isLines, type Problem, type Ranges } from './values';
import { useGridWords } from './words';

interface GridDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Asks for a grid: what changes along its sides; the rest is as in the composer's form. */
export function GridDialog({ open, onOpenChange }: GridDialogProps) {
  const t = useTranslations('grid');
  const { data: model } = useModel();
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t('title')} description={t('description')} className="max-w-xl">
        {model && <Form model={model} onClose={() => onOpenChange(false)} />}
      </DialogContent>
    </Dialog>
  );
}

function Form({ model, onClose }: { model: ModelInfo; onClose: () => void }) {
  const t = useTranslations('grid');
  const draft = useDraft();
  const { items } = useGenerations();
  const ranges = rangesOf(draft, model);
  const choices = choicesFor(draft, model);
  const { submit, pending, error, reset } = useSubmitGrid();
  const [incomplete, setIncomplete] = useState(false);
  const suggest = (parameter: GridParameter) =>
    suggestion(parameter, draft, model, t('randomSeeds', { count: 3 }));
  const { control, handleSubmit, setValue, formState } = useForm<GridForm>({
    resolver: zodResolver(formSchema(ranges)),
    defaultValues: {
      x: { parameter: 'steps', text: suggest('steps') },
      y: { parameter: 'seed', text: suggest('seed') },
    },
  });
  const { x, y } = useWatch({ control }) as GridForm;
  const columns = preview(x.parameter, x.text, ranges).values?.length ?? 0;
  const rows = y.parameter === 'none' ? 1 : (preview(y.parameter, y.text, ranges).values?.length ?? 0);
  const cells = columns * rows;
  const waiting = items.filter((item) => item.state === 'queued').length;
  const say = useErrorText();
  const tooMany = cells > mostCells - waiting;

  async function send(form: GridForm) {
    if (pending || tooMany) return;
    reset();
    // What the server refuses is in `error`.
    const sent = await submit(form, draft, model).catch(() => null);
    if (sent) onClose();
    setIncomplete(sent === false);
  }

  const take = (name: 'x' | 'y', parameter: GridParameter | 'none') =>
    setValue(name, { parameter, text: parameter === 'none' ? '' : suggest(parameter) } as GridForm['x'], {
      shouldValidate: formState.isSubmitted,
    });

  return (
    <form
      noValidate
      onSubmit={(event) => void handleSubmit(send)(event)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <DialogBody className="space-y-5 pt-2">
        <Side
          {...{ name: 'x', control, ranges, submitted: formState.isSubmitted }}
          value={x}
          options={choices}
          onParameter={(parameter) => take('x', parameter)}
        />
        <Side
          {...{ name: 'y', control, ranges, submitted: formState.isSubmitted }}
          value={y}
          options={['none', ...choices.filter((choice) => choice !== x.parameter || choice === 'replace')]}
          onParameter={(parameter) => take('y', parameter)}
        />
        <p className="border-line text-muted line-clamp-2 border-t pt-3 text-[13px] leading-5">
          {draft.prompt.trim() ? t('base', { prompt: draft.prompt.trim() }) : t('baseEmpty')}
        </p>
        <div role="alert" className="text-danger text-[13px] leading-5 empty:hidden">
          {error && <p>{errorText(t, error, say)}</p>}
          {incomplete && (
            <p>
              {t('incomplete')}{' '}
              <button
                type="button"
                className="font-medium underline"
                onClick={() => {
                  onClose();
                  requestAnimationFrame(focusPrompt);
                }}
              >
                {t('toForm')}
              </button>
            </p>
          )}
        </div>
      </DialogBody>
      <div className="border-line flex items-center gap-3 border-t px-4 py-3">
        <Outline columns={columns} rows={rows} />
        <p
          role="status"
          className={cn('min-w-0 flex-1 text-sm leading-5 tabular-nums', tooMany && 'text-danger')}
        >
          <span className="block font-medium">{t('count', { columns, rows, cells })}</span>
          <span className={cn('block text-[13px]', !tooMany && 'text-muted')}>
            {tooMany ? t('tooMany', { max: mostCells, waiting }) : t('room', { max: mostCells - waiting })}
          </span>
        </p>
        <Button type="submit" variant="primary" aria-disabled={pending || tooMany || cells === 0}>
          {pending ? <LoaderCircle aria-hidden className="animate-spin" /> : <Grid3x3 aria-hidden />}
          {t('make')}
        </Button>
      </div>
    </form>
  );
}

type GridWords = ReturnType<typeof useTranslations<'grid'>>;

/** The server's refusal in the page's language. @param say the words for a refusal that grids have not of their own */
function errorText(
  t: GridWords,
  error: { message: string; data?: unknown },
  say: (error: unknown) => string,
): string {
  const { reason, params } = (error.data ?? {}) as {
    reason?: string;
    params?: Record<string, string | number>;
  };
  if (!error.data) return t('unreachable');
  const key = `errors.${reason}` as 'title';
  if (!reason || !t.has(key)) return say(error);
  // What is wrong with a cell is a refusal itself, with a reason of its own.
  const problem = say({ reason: params?.problemReason, message: params?.problem });
  return t(key, { ...params, problem } as never);
}

interface SideProps {
  name: 'x' | 'y';
  control: Control<GridForm>;
  ranges: Ranges;
  submitted: boolean;
  value: GridForm['x'] | GridForm['y'];
  options: readonly (GridParameter | 'none')[];
  onParameter: (parameter: GridParameter | 'none') => void;
}

function Side({ name, control, ranges, submitted, value, options, onParameter }: SideProps) {
  const { t, nameOf, hint } = useGridWords();
  const { parameter, text } = value;
  const id = `grid-${name}`;
  const read = parameter === 'none' ? null : preview(parameter, text, ranges);
  const problem = read?.problem && (submitted || text.trim() !== '') ? read.problem : null;
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-[13px] font-medium">{t(name === 'x' ? 'across' : 'down')}</legend>
      <div className="flex items-start gap-2 max-sm:flex-col">
        <Select
          label={t(name === 'x' ? 'acrossParameter' : 'downParameter')}
          value={parameter}
          options={options.map((option) => ({ value: option, label: nameOf(option) }))}
          onChange={onParameter}
          className="w-44 shrink-0 max-sm:w-full"
        />
        {parameter !== 'none' && (
          <div className="w-full min-w-0 flex-1">
            <Controller
              name={`${name}.text`}
              control={control}
              render={({ field }) => {
                const common = {
                  ...field,
                  id,
                  autoComplete: 'off',
                  placeholder: t.has(`placeholders.${parameter}` as 'title')
                    ? t(`placeholders.${parameter}` as 'title')
                    : undefined,
                  'aria-label': t('values', { parameter: nameOf(parameter) }),
                  'aria-invalid': problem !== null,
                  'aria-describedby': `${id}-hint`,
                };
                return isLines(parameter) ? (
                  <textarea
                    rows={3}
                    className={cn(boxStyle, 'block resize-y py-1.5 tabular-nums')}
                    {...common}
                  />
                ) : (
                  <input type="text" className={cn(boxStyle, 'h-8 tabular-nums')} {...common} />
                );
              }}
            />
            <p
              id={`${id}-hint`}
              className={cn('mt-1 min-h-5 text-[13px] leading-5', problem ? 'text-danger' : 'text-muted')}
            >
              {problem ? <Wrong problem={problem} /> : hint(parameter)}
            </p>
          </div>
        )}
      </div>
    </fieldset>
  );
}

function Wrong({ problem: { wrong, params } }: { problem: Problem }) {
  const t = useTranslations('grid');
  return t(`wrong.${wrong}`, params as never);
}

/** The shape of the grid, small. */
function Outline({ columns, rows }: { columns: number; rows: number }) {
  const drawn = columns * rows > 0 && columns * rows <= 400;
  return (
    <span aria-hidden className="bg-sunken flex size-12 shrink-0 items-center justify-center rounded-lg">
      {drawn && (
        <span
          className="grid gap-px"
          style={{
            gridTemplateColumns: `repeat(${columns}, 1fr)`,
            width: `${(36 * columns) / Math.max(columns, rows)}px`,
            height: `${(36 * rows) / Math.max(columns, rows)}px`,
          }}
        >
          {Array.from({ length: columns * rows }, (_, index) => (
            <span key={index} className="bg-accent/70 rounded-[1px]" />
          ))}
        </span>
      )}
    </span>
  );
}
