import { useTranslations } from 'next-intl';
import { labelLimits, labelsSchema, tagsOf } from '../../../server/evaluation/labels';
import { TextAreaField, TextField } from '../../_ui/field';

/** What a run is called and what is said of it, as it is typed. */
export interface LabelForm {
  name: string;
  /** Parted by commas. */
  tags: string;
  note: string;
}

export const noLabels: LabelForm = { name: '', tags: '', note: '' };

export type LabelProblem = keyof LabelForm;

/** What the server takes; `problems` names what is too long. Empty texts are null: nothing. */
export function labelsOf(form: LabelForm) {
  const given = { name: form.name, note: form.note, tags: tagsOf([form.tags]) };
  const parsed = labelsSchema.safeParse(given);
  if (parsed.success) return { labels: parsed.data, problems: [] as LabelProblem[] };
  const problems = parsed.error.issues.map(({ path }) => String(path[0]) as LabelProblem);
  return { labels: null, problems };
}

interface LabelFieldsProps {
  form: LabelForm;
  change: (part: Partial<LabelForm>) => void;
}

/** Name, tags and note of a run. Too long a text is told as it is typed. */
export function LabelFields({ form, change }: LabelFieldsProps) {
  const t = useTranslations('runs.labels');
  const { problems } = labelsOf(form);
  const { name, note, tag, tags } = labelLimits;
  const errorOf = (field: LabelProblem) =>
    problems.includes(field)
      ? t(`problems.${field}`, { most: field === 'note' ? note : name, tags, tag })
      : null;
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          size="small"
          id="label-name"
          label={t('name')}
          placeholder={t('optional')}
          problem={errorOf('name')}
          value={form.name}
          onChange={(event) => change({ name: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          maxLength={2000}
        />
        <TextField
          size="small"
          id="label-tags"
          label={t('tags')}
          placeholder={t('optional')}
          hint={t('tagsHint')}
          problem={errorOf('tags')}
          value={form.tags}
          onChange={(event) => change({ tags: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          maxLength={2000}
        />
      </div>
      <TextAreaField
        id="label-note"
        size="small"
        label={t('note')}
        problem={errorOf('note')}
        rows={2}
        value={form.note}
        placeholder={t('optional')}
        onChange={(event) => change({ note: event.target.value })}
        className="min-h-16 py-1.5 leading-5"
      />
    </>
  );
}
