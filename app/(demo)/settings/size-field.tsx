import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { ModelInfo } from '@/server/demo/schema';
import { cn } from '../../_ui/cn';
import { changeDraft, useDraft } from '../../_request/draft';
import { NumberField } from './number-field';
import { sizePresets, textOf } from '../../_request/fields';

/** The size of the picture: a ratio at a click, or two numbers. */
export function SizeField({ model }: { model: ModelInfo }) {
  const t = useTranslations('demo');
  const draft = useDraft();
  const ofSource = draft.task === 'edit' && draft.sizeOfSource;
  const width = Number(textOf(draft, 'width', model));
  const height = Number(textOf(draft, 'height', model));
  const take = (size: { width: number; height: number }) =>
    changeDraft(({ numbers }) => ({
      sizeOfSource: false,
      numbers: { ...numbers, width: String(size.width), height: String(size.height) },
    }));
  // Beside "as the source" the common ones are enough.
  const presets = sizePresets(model).slice(0, draft.task === 'edit' ? 3 : undefined);
  return (
    <fieldset>
      <legend className="mb-1.5 text-[13px] font-medium">{t('size')}</legend>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(4.2rem,1fr))] gap-1.5">
        {draft.task === 'edit' && (
          <Preset
            name={t('asSourceName')}
            checked={ofSource}
            size={draft.source ?? { width: 1, height: 1 }}
            dashed
            onChoose={() => changeDraft({ sizeOfSource: true })}
          >
            {t('asSource')}
          </Preset>
        )}
        {presets.map((size) => (
          <Preset
            key={`${size.width}×${size.height}`}
            name={t('sizeName', { width: String(size.width), height: String(size.height) })}
            checked={!ofSource && size.width === width && size.height === height}
            size={size}
            onChoose={() => take(size)}
          >
            {size.width}×{size.height}
          </Preset>
        ))}
      </div>
      {!ofSource && (
        <div className="mt-3 grid grid-cols-2 gap-x-4 gap-y-2">
          <NumberField name="width" model={model} />
          <NumberField name="height" model={model} />
        </div>
      )}
    </fieldset>
  );
}

interface PresetProps {
  name: string;
  checked: boolean;
  size: { width: number; height: number };
  dashed?: boolean;
  onChoose: () => void;
  children: ReactNode;
}

/** A button with the shape of the picture that it stands for. */
function Preset({ name, checked, size, dashed, onChoose, children }: PresetProps) {
  const longest = Math.max(size.width, size.height);
  return (
    <label
      className={cn(
        'border-line text-muted hover:border-line-strong hover:text-ink relative flex cursor-pointer flex-col items-center gap-1 rounded-lg border py-1.5 text-xs tabular-nums transition-colors',
        'has-checked:border-accent has-checked:bg-accent-soft has-checked:text-ink has-focus-visible:outline-accent has-focus-visible:outline-2',
      )}
    >
      <input
        type="radio"
        name="size"
        aria-label={name}
        checked={checked}
        onChange={onChoose}
        className="absolute inset-0 cursor-pointer appearance-none rounded-lg outline-none"
      />
      <span aria-hidden className="flex size-6 items-center justify-center">
        <span
          className={cn('rounded-[2px] border-[1.5px] border-current', dashed && 'border-dashed')}
          style={{ width: `${(size.width / longest) * 20}px`, height: `${(size.height / longest) * 20}px` }}
        />
      </span>
      {children}
    </label>
  );
}
