import { useTranslations } from 'next-intl';
import { Field } from '../../_ui/field';
import { Select } from '../../_ui/select';
import type { FieldsProps } from './main-fields';
import { presetOf, type BenchmarkOption } from './start-form';

/** Which evaluators measure, where there is a choice; those that are not installed are shown with what installs them. */
export function PresetField({
  form,
  benchmark: { presets },
  change,
  errorOf,
}: FieldsProps & { benchmark: BenchmarkOption }) {
  const t = useTranslations('runs');
  if (presets.length < 2) return null;
  const lacking = lackingOf(presets);
  const id = 'start-preset';
  return (
    <div>
      <Field size="small" id={id} label={t('settings.preset')} problem={errorOf('preset')}>
        <Select
          id={id}
          className="w-full"
          value={presetOf(form, presets)?.name ?? ''}
          options={presets.map(({ name, usual, lacks }) => ({
            value: name,
            disabled: lacks.length > 0,
            label: [name, usual && t('start.default'), lacks.length > 0 && t('start.notInstalled')]
              .filter(Boolean)
              .join(' · '),
          }))}
          // The usual one is what a run has that names none.
          onChange={(name) => {
            const { preset: _, ...settings } = form.settings;
            const isUsual = presets.some((one) => one.name === name && one.usual);
            change({ settings: isUsual ? settings : { ...settings, preset: name } });
          }}
        />
      </Field>
      {lacking.length > 0 && (
        <ul aria-label={t('start.notInstalled')} className="text-muted mt-1.5 space-y-1.5 text-xs leading-4">
          {lacking.map(({ evaluator, problem, command, of }) => (
            <li key={evaluator}>
              {t(`start.lacks.${problem}`, { evaluator, presets: of.join(', ') })}
              <code className="mt-0.5 block font-mono [overflow-wrap:anywhere] select-all">{command}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

type Presets = BenchmarkOption['presets'];

/** What is to be installed, each evaluator once, with the presets that need it. */
function lackingOf(presets: Presets): (Presets[number]['lacks'][number] & { of: string[] })[] {
  const all = new Map<string, Presets[number]['lacks'][number] & { of: string[] }>();
  for (const { name, lacks } of presets)
    for (const lack of lacks) {
      const found = all.get(lack.evaluator);
      if (found) found.of.push(name);
      else all.set(lack.evaluator, { ...lack, of: [name] });
    }
  return [...all.values()];
}
