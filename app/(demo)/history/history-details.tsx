import { useLocale, useTranslations } from 'next-intl';
import type { GenerationView } from '@/server/demo/schema';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { useErrorText } from '../../_ui/error-text';
import { imageUrl } from '../../_ui/images/address';
import { LibraryActions } from './library-actions';
import { ParameterList } from './parameter-list';
import { Thumbnail } from '../../_ui/images/thumbnail';
import { StoredImage } from '../../_ui/stored-image';

interface DetailsProps {
  generation: GenerationView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Called when the form was filled from it, or something else on the page needs the room. */
  onLeave: () => void;
}

/** Everything about one result: its picture large, what was asked, the settings. */
export function HistoryDetails({ generation, open, onOpenChange, onLeave }: DetailsProps) {
  const t = useTranslations('history');
  const locale = useLocale();
  const say = useErrorText();
  const { task, prompt, language, parameters, picture, source, text, state, createdAt, imported, error } =
    generation;
  const asked = task === 'understand';
  const large = asked ? source : picture;
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t(`tasks.${task}`)} className="max-w-3xl">
        <DialogBody className="grid gap-4 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <div className="bg-sunken flex min-h-40 items-center justify-center overflow-hidden rounded-xl">
            {large ? (
              <StoredImage
                src={imageUrl(large.hash)}
                alt={asked ? t('details.sourcePicture') : t('details.picture', { prompt })}
                width={large.width}
                height={large.height}
                className="max-h-[60dvh] w-full object-contain"
              />
            ) : (
              <p className="text-muted text-sm">{t('noPicture')}</p>
            )}
          </div>
          <div className="flex min-w-0 flex-col gap-3">
            <div>
              <p className="text-muted text-xs">{t(asked ? 'details.question' : 'details.prompt')}</p>
              <p lang={language} className="mt-0.5 leading-6 break-words whitespace-pre-wrap">
                {prompt}
              </p>
            </div>
            {asked && state === 'done' && (
              <div>
                <p className="text-muted text-xs">{t('details.answer')}</p>
                <p lang={language} className="mt-0.5 font-medium break-words whitespace-pre-wrap">
                  {text || t('noAnswer')}
                </p>
              </div>
            )}
            {task === 'edit' && source && (
              <div>
                <p className="text-muted text-xs">{t('details.source')}</p>
                <Thumbnail image={source} className="mt-1 size-20 rounded-lg" />
              </div>
            )}
            <ParameterList parameters={parameters} />
            <p className="text-muted text-[13px]">
              {[
                createdAt.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' }),
                state === 'done' ? null : t(`state.${state}`),
                imported ? t('imported') : null,
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
            {error && <p className="text-danger text-sm">{say(generation)}</p>}
            <LibraryActions generation={generation} onLeave={onLeave} />
          </div>
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
