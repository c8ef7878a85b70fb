import { useTranslations } from 'next-intl';
import type { ModelInfo } from '@/server/demo/schema';
import type { FormProblem } from '../../_request/form-schema';
import { format, labelOf, promptLength, type ParameterKey } from '../../_request/fields';

/** Says what is wrong in the form: with a number by the model's limits, with a text by its length. */
export function useProblemText(model: ModelInfo | undefined) {
  const t = useTranslations('demo');
  return {
    number(problem: FormProblem, key: ParameterKey): string {
      if (!model) return '';
      const { min, max, multiple = 1 } = model.parameters[key];
      return t(`wrong.${problem}`, {
        label: t(labelOf(key)),
        min: format(min),
        max: format(max),
        multiple: format(multiple),
        length: '',
      });
    },
    text(problem: FormProblem, value = ''): string {
      const max = model?.parameters.promptLength.max ?? 0;
      return t(`wrong.${problem}`, {
        length: format(promptLength(value)),
        max: format(max),
        label: '',
        min: '',
        multiple: '',
      });
    },
  };
}
