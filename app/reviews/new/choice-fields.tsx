import { useTranslations } from 'next-intl';
import { useFormContext, useWatch } from 'react-hook-form';
import { Segmented } from '../../_ui/segmented';
import { takes, type QueueForm } from './form';
import { NumberBox } from './number-box';

/** All of the items, some at random, or so many of every group. */
export function ChoiceFields({ of }: { of: 'run' | 'pair' }) {
  const t = useTranslations('reviews.newQueue');
  const { control, setValue } = useFormContext<QueueForm>();
  const take = useWatch({ control, name: `${of}.choice.take` });
  return (
    <div>
      <p aria-hidden className="text-[13px] leading-5 font-medium">
        {t('take')}
      </p>
      <div className="mt-1 flex flex-wrap items-start gap-x-4 gap-y-3">
        <Segmented
          legend={t('take')}
          name={`queue-${of}-take`}
          value={take}
          options={takes.map((value) => ({ value, label: t(`takes.${value}`) }))}
          onChange={(value) => setValue(`${of}.choice.take`, value, { shouldValidate: true })}
        />
        {take !== 'all' && (
          <div className="flex flex-wrap gap-4">
            {take === 'random' ? (
              <NumberBox name={`${of}.choice.n`} label={t('n')} min={1} max={100_000} />
            ) : (
              <NumberBox name={`${of}.choice.perGroup`} label={t('perGroup')} min={1} max={10_000} />
            )}
            <NumberBox
              name={`${of}.choice.seed`}
              label={t('seed')}
              hint={t('seedHint')}
              min={0}
              max={Number.MAX_SAFE_INTEGER}
            />
          </div>
        )}
      </div>
    </div>
  );
}
