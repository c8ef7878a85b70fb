import { Dices, FileSliders, Grid3x3, RotateCcw, Shuffle } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import type { ModelInfo } from '@/server/demo/schema';
import type { Locale } from '../../_i18n/locale';
import { Button, IconButton } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { boxStyle, describedBy, Problem } from '../../_ui/field';
import { Segmented } from '../../_ui/segmented';
import { changeDraft, resetSettings, setNumber, useDraft } from '../../_request/draft';
import { decoderOf, isRandomSeed, numbersOf, randomSeed, takesNegative } from '../../_request/fields';
import type { Parameter } from '@/server/demo/parameters';
import { LanguageChoice } from '../composer/language-choice';
import { NegativePrompt } from './negative-prompt';
import { fieldId, NumberField, useNumberError } from './number-field';
import { useImageFile } from '../composer/use-image-file';
import { SizeField } from './size-field';
import { useModel } from '../../_ui/use-model';
import { useOnceOpen } from '../../_ui/use-once-open';
import { GridDialog } from '../lazy';

export const settingsId = 'settings';

export function SettingsPanel({ className }: { className?: string }) {
  const t = useTranslations('demo');
  const { data: model } = useModel();
  return (
    <aside
      id={settingsId}
      aria-label={t('settings')}
      className={cn(
        'border-line bg-surface flex flex-col overflow-y-auto max-lg:border-t lg:border-l',
        className,
      )}
    >
      <div className="bg-surface sticky top-0 z-10 flex items-center gap-1 px-4 pt-3 pb-2">
        <h2 className="mr-auto text-sm font-semibold">{t('settings')}</h2>
        <GridButton />
        <RestoreFromFile />
        <Button variant="ghost" size="small" className="-mr-2.5" onClick={resetSettings}>
          <RotateCcw aria-hidden /> {t('reset')}
        </Button>
      </div>
      {model ? <Fields model={model} /> : <FieldsSkeleton />}
    </aside>
  );
}

/** Picks a picture that was saved here and puts its settings into the form. */
function RestoreFromFile() {
  const t = useTranslations('demo');
  const { restoreOnly } = useImageFile();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        label={t('restoreFile')}
        className="tip-below tip-end"
        onClick={() => input.current?.click()}
      >
        <FileSliders aria-hidden />
      </IconButton>
      <input
        ref={input}
        type="file"
        accept="image/png"
        className="hidden"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file can be chosen again.
          event.target.value = '';
          if (file) void restoreOnly(file);
        }}
      />
    </>
  );
}

function Fields({ model }: { model: ModelInfo }) {
  const t = useTranslations('demo');
  const locale = useLocale();
  const draft = useDraft();
  const fields = numbersOf(draft, model);
  /** A number without a field of its own kind. */
  const plain = fields.filter(({ parameter: { type, leftOut } }) => type !== 'size' && leftOut !== 'drawn');
  const hintOf = ({ key, hint }: Parameter) => {
    const ofModel: Partial<Record<Locale, string>> = model.hints[key as 'guidance'] ?? {};
    return ofModel[locale] ?? ofModel.en ?? (hint && t(hint as 'hints.steps'));
  };
  const numbers = plain.map(({ field, parameter }) => (
    <NumberField key={field} name={field} model={model} slider hint={hintOf(parameter)} />
  ));
  const language = (
    <div className="sm:hidden">
      <p className="mb-1.5 text-[13px] font-medium" aria-hidden>
        {t('promptLanguage')}
      </p>
      <LanguageChoice model={model} name="panel-language" className="flex w-full" />
      <p className="text-muted mt-1 text-xs leading-4">{t('promptLanguageHint')}</p>
    </div>
  );
  if (draft.task === 'understand') {
    return (
      <div className="space-y-5 px-4 pb-5">
        {numbers}
        {language}
      </div>
    );
  }
  const guidance = fields.find(({ parameter }) => parameter.key === 'guidance')?.field;
  return (
    <div className="grid gap-x-6 gap-y-5 px-4 pb-5 sm:max-lg:grid-cols-2">
      <SizeField model={model} />
      {numbers}
      {guidance && takesNegative(draft, model) && <NegativePrompt model={model} guidance={guidance} />}
      <SeedField model={model} />
      {draft.task === 'edit' && <DecoderField model={model} />}
      {language}
    </div>
  );
}

function DecoderField({ model }: { model: ModelInfo }) {
  const t = useTranslations('demo');
  const decoder = decoderOf(useDraft(), model);
  return (
    <div>
      <p className="mb-1.5 text-[13px] font-medium" aria-hidden>
        {t('decoder')}
      </p>
      <Segmented
        legend={t('decoder')}
        name="decoder"
        size="small"
        className="flex w-full"
        value={decoder}
        options={[
          { value: 'editing', label: t('decoders.editing') },
          { value: 'generation', label: t('decoders.generation') },
        ]}
        onChange={(value) => changeDraft({ decoder: value })}
      />
      <p className="text-muted mt-1 text-xs leading-4">
        {t(decoder === 'editing' ? 'hints.decoderEditing' : 'hints.decoderGeneration')}
      </p>
    </div>
  );
}

function SeedField({ model }: { model: ModelInfo }) {
  const t = useTranslations('demo');
  const draft = useDraft();
  const limit = model.parameters.seed;
  const random = isRandomSeed(draft);
  const text = draft.numbers.seed ?? '';
  const error = useNumberError('seed', model);
  const id = fieldId('seed');
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-[13px] font-medium">
        {t('labels.seed')}
      </label>
      <div className="flex items-center gap-1">
        <input
          id={id}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          placeholder={t('seedPlaceholder')}
          className={cn(boxStyle, 'h-8 tabular-nums')}
          value={text}
          aria-invalid={error !== null}
          aria-describedby={describedBy(id, true, error)}
          onChange={(event) => setNumber('seed', event.target.value)}
        />
        <IconButton
          label={t('drawSeed')}
          className="tip-end"
          onClick={() => setNumber('seed', String(randomSeed(limit)))}
        >
          <Dices aria-hidden />
        </IconButton>
        <IconButton
          label={t('newSeed')}
          className="tip-end aria-pressed:text-accent"
          aria-pressed={random}
          onClick={() => setNumber('seed', '')}
        >
          <Shuffle aria-hidden />
        </IconButton>
      </div>
      <p id={`${id}-hint`} className="text-muted mt-1 text-xs leading-4">
        {t(random ? 'hints.seedRandom' : 'hints.seedFixed')}
      </p>
      <Problem id={id} text={error} size="small" />
    </div>
  );
}

function FieldsSkeleton() {
  const t = useTranslations('demo');
  return (
    <div className="space-y-5 px-4 pb-5" role="status" aria-label={t('loadingSettings')}>
      {['h-20', 'h-14', 'h-14', 'h-14'].map((height, index) => (
        <div key={index} className={cn('animate-sheen bg-sunken rounded-lg', height)} />
      ))}
    </div>
  );
}

/** Opens the dialog in which a grid over one or two parameters is asked for; questions have none. */
function GridButton() {
  const t = useTranslations('grid');
  const [open, setOpen] = useState(false);
  const wanted = useOnceOpen(open);
  if (useDraft().task === 'understand') return null;
  return (
    <>
      <IconButton label={t('open')} className="tip-below" onClick={() => setOpen(true)}>
        <Grid3x3 aria-hidden />
      </IconButton>
      {wanted && <GridDialog open={open} onOpenChange={setOpen} />}
    </>
  );
}
