import { Dices, Grid3x3, RotateCcw, Shuffle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { ModelInfo } from '@/server/demo/schema';
import { Button, IconButton } from '../_components/button';
import { cn } from '../_components/cn';
import { Segmented } from '../_components/segmented';
import { changeDraft, resetSettings, setNumber, useDraft } from './draft';
import { GridDialog } from './grid';
import { FieldError, fieldId, inputStyle, NumberField } from './number-field';
import { decoderOf, fieldsOf, isRandomSeed, randomSeed, readNumber } from './parameters';
import { SizeField } from './size-field';
import { useModel } from './use-model';

export const settingsId = 'settings';

export function SettingsPanel({ className }: { className?: string }) {
  const { data: model } = useModel();
  const t = useTranslations('grid');
  const [grid, setGrid] = useState(false);
  const understands = useDraft().task === 'understand';
  return (
    <aside
      id={settingsId}
      aria-label="Settings"
      className={cn(
        'border-line bg-surface flex flex-col overflow-y-auto max-lg:border-t lg:border-l',
        className,
      )}
    >
      <div className="bg-surface sticky top-0 z-10 flex items-center justify-between px-4 pt-3 pb-2">
        <h2 className="mr-auto text-sm font-semibold">Settings</h2>
        {!understands && (
          <Button variant="ghost" size="small" onClick={() => setGrid(true)}>
            <Grid3x3 aria-hidden /> {t('open')}
          </Button>
        )}
        <Button variant="ghost" size="small" onClick={resetSettings}>
          <RotateCcw aria-hidden /> Reset
        </Button>
      </div>
      {model ? <Fields model={model} /> : <FieldsSkeleton />}
      <GridDialog open={grid} onOpenChange={setGrid} />
    </aside>
  );
}

function Fields({ model }: { model: ModelInfo }) {
  const draft = useDraft();
  const fields = fieldsOf(draft, model);
  if (draft.task === 'understand') {
    return (
      <div className="px-4 pb-5">
        <NumberField
          name="maxNewTokens"
          model={model}
          slider
          hint="In tokens; an answer may well be shorter."
        />
      </div>
    );
  }
  const guidance = fields.includes('guidanceEditing') ? 'guidanceEditing' : 'guidanceGeneration';
  return (
    <div className="grid gap-x-6 gap-y-5 px-4 pb-5 sm:max-lg:grid-cols-2">
      <SizeField model={model} />
      <NumberField name="steps" model={model} slider hint="More steps, more detail, and more time." />
      <NumberField name={guidance} model={model} slider hint="How closely the picture follows the prompt." />
      <SeedField model={model} />
      {draft.task === 'edit' && (
        <div>
          <p className="mb-1.5 text-[13px] font-medium" aria-hidden>
            Decoder
          </p>
          <Segmented
            legend="Decoder"
            name="decoder"
            size="small"
            className="flex w-full"
            value={decoderOf(draft, model)}
            options={[
              { value: 'editing', label: 'Editing' },
              { value: 'generation', label: 'Generation' },
            ]}
            onChange={(decoder) => changeDraft({ decoder })}
          />
          <p className="text-muted mt-1 text-xs leading-4">
            {decoderOf(draft, model) === 'editing'
              ? 'Sees the source: what the prompt does not name stays.'
              : 'Draws the whole picture anew.'}
          </p>
        </div>
      )}
    </div>
  );
}

function SeedField({ model }: { model: ModelInfo }) {
  const draft = useDraft();
  const limit = model.parameters.seed;
  const random = isRandomSeed(draft);
  const result = random ? null : readNumber('seed', draft.numbers.seed ?? '', limit);
  const error = result && 'error' in result ? result.error : null;
  const id = fieldId('seed');
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-[13px] font-medium">
        Seed
      </label>
      <div className="flex items-center gap-1">
        <input
          id={id}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          placeholder="random"
          className={inputStyle}
          value={draft.numbers.seed ?? ''}
          aria-invalid={error !== null}
          aria-describedby={cn(error && `${id}-error`, `${id}-hint`)}
          onChange={(event) => setNumber('seed', event.target.value)}
        />
        <IconButton
          label="Draw a seed and keep it"
          className="tip-end"
          onClick={() => setNumber('seed', String(randomSeed(limit)))}
        >
          <Dices aria-hidden />
        </IconButton>
        <IconButton
          label="New seed each time"
          className="tip-end aria-pressed:text-accent"
          aria-pressed={random}
          onClick={() => setNumber('seed', '')}
        >
          <Shuffle aria-hidden />
        </IconButton>
      </div>
      <p id={`${id}-hint`} className="text-muted mt-1 text-xs leading-4">
        {random ? 'A new one each time; the result tells which.' : 'The same settings give the same picture.'}
      </p>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

function FieldsSkeleton() {
  return (
    <div className="space-y-5 px-4 pb-5" role="status" aria-label="Loading the settings">
      {['h-20', 'h-14', 'h-14', 'h-14'].map((height, index) => (
        <div key={index} className={cn('animate-sheen bg-sunken rounded-lg', height)} />
      ))}
    </div>
  );
}
