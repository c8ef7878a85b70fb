import { Flag, Images, ListChecks, Scale } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { flagReasonSchema } from '@/server/demo/sharing/schema';
import { Segmented } from '../../_ui/segmented';
import { sources, type QueueForm } from './form';
import { PairSource } from './pair-source';
import { RunSource } from './run-source';
import { UploadSource } from './upload-source';
import { ToggleList } from './toggle-list';

const icons = { run: ListChecks, pair: Scale, flags: Flag, upload: Images };
const fields = { run: RunSource, pair: PairSource, flags: FlagsSource, upload: null };

/** Where the items come from, and which of them. */
export function SourceFields() {
  const t = useTranslations('reviews.newQueue');
  const { control, setValue, clearErrors } = useFormContext<QueueForm>();
  const from = useWatch({ control, name: 'from' });
  const Fields = fields[from];
  return (
    <div className="flex flex-col gap-4">
      <div>
        <Segmented
          legend={t('from')}
          name="queue-from"
          className="flex max-w-md"
          value={from}
          options={sources.map((value) => {
            const Icon = icons[value];
            return {
              value,
              label: t(`froms.${value}`),
              icon: <Icon aria-hidden className="max-sm:hidden" />,
            };
          })}
          onChange={(value) => {
            setValue('from', value);
            clearErrors();
          }}
        />
        <p className="text-muted mt-2 text-[13px] leading-5 text-pretty">{t(`fromHints.${from}`)}</p>
      </div>
      {Fields && <Fields />}
      {/* Stays while another source is looked at: what is on its way goes on. */}
      <div hidden={from !== 'upload'}>
        <UploadSource />
      </div>
    </div>
  );
}

/** Reported results of the demo, by the reasons that were given. */
function FlagsSource() {
  const t = useTranslations('reviews.newQueue');
  const { control } = useFormContext<QueueForm>();
  const { field } = useController({ control, name: 'flags.reasons' });
  return (
    <ToggleList
      legend={t('reasons')}
      hint={t('allReasons')}
      options={flagReasonSchema.options.map((value) => ({ value, label: t(`reasonNames.${value}`) }))}
      value={field.value}
      onChange={field.onChange}
    />
  );
}
