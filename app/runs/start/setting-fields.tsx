import { useTranslations } from 'next-intl';
import { Select } from '../../_ui/select';
import { Field, TextField } from '../../_ui/field';
import type { FieldsProps } from './main-fields';
import { PresetField } from './preset-field';
import { choiceSettings, numberSettings, type BenchmarkOption } from './start-form';

/** Radix takes no empty value for a choice. */
const byDefault = ' ';

/** The settings that mean something to the task of the benchmark. */
export function SettingFields(props: FieldsProps & { benchmark: BenchmarkOption }) {
  const { form, benchmark, change, errorOf } = props;
  const t = useTranslations('runs');
  const set = (name: string, value: string) => change({ settings: { ...form.settings, [name]: value } });
  const label = (name: string) => {
    const key = `settings.${name}` as 'settings.seed';
    return t.has(key) ? t(key) : name;
  };
  const choice = (name: string, value: string) => {
    const key = `choices.${name}.${value.replaceAll('.', '_')}` as 'choices.decoder.editing';
    return t.has(key) ? t(key) : value;
  };
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold">{t('start.settings')}</legend>
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-3">
        {benchmark.settings.map((name) => {
          if (name === 'preset') return null;
          const id = `start-${name}`;
          const value = form.settings[name] ?? '';
          if (numberSettings.includes(name))
            return (
              <TextField
                size="small"
                key={name}
                id={id}
                numeric
                label={label(name)}
                placeholder={name === 'seed' ? '42' : t('start.default')}
                problem={errorOf(name)}
                value={value}
                onChange={(event) => set(name, event.target.value)}
              />
            );
          return (
            <Field size="small" key={name} id={id} label={label(name)} problem={errorOf(name)}>
              <Select
                id={id}
                className="w-full"
                value={value || byDefault}
                options={[
                  { value: byDefault, label: t('start.default') },
                  ...(choiceSettings[name] ?? []).map((one) => ({ value: one, label: choice(name, one) })),
                ]}
                onChange={(next) => set(name, next === byDefault ? '' : next)}
              />
            </Field>
          );
        })}
      </div>
      <div className="mt-4 empty:hidden">
        <PresetField {...props} />
      </div>
    </fieldset>
  );
}
