import { Flag, Images, ListChecks, Scale } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useFormContext, useWatch } from 'react-hook-form';
import { Segmented } from '../../_ui/segmented';
import { FlagsSource } from './flags-source';
import { sources, type QueueForm } from './form';
import { PairSource } from './pair-source';
import { RunSource } from './run-source';
import { UploadSource } from './upload-source';

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
