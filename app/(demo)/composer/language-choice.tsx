import { useTranslations } from 'next-intl';
import type { LanguageChoice as Choice, ModelInfo } from '@/server/demo/schema';
import { Segmented } from '../../_ui/segmented';
import { changeDraft, useDraft } from '../../_request/draft';

interface LanguageChoiceProps {
  model: ModelInfo | undefined;
  name: string;
  className?: string;
}

/** The language that the prompt is taken to be in; by itself unless somebody chooses. */
export function LanguageChoice({ model, name, className }: LanguageChoiceProps) {
  const t = useTranslations('demo');
  const { language } = useDraft();
  const choices: Choice[] = ['auto', ...(model?.languages ?? (['en', 'zh'] as const))];
  return (
    <Segmented
      legend={t('promptLanguage')}
      name={name}
      size="small"
      className={className}
      value={language}
      options={choices.map((value) => ({
        value,
        label: t(`promptLanguages.${value}`),
        lang: value === 'auto' ? undefined : value,
      }))}
      onChange={(value) => changeDraft({ language: value })}
    />
  );
}
