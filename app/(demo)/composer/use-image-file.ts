import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { PngSettings } from '@/server/demo/png-settings';
import type { Task } from '@/server/demo/schema';
import { toast } from '../../_ui/toaster';
import { changeDraft, getDraft, restoreRecipe } from '../../_request/draft';
import { cancelUpload, takeFile } from './upload';

/** Of the settings that could not be taken over, so many are named. */
const mostNamed = 6;
const noteMs = 12_000;

/** The settings that a picture's file carries; null for any other file. */
async function readSettings(file: File): Promise<PngSettings | null> {
  if (file.type && file.type !== 'image/png') return null;
  const { readPngSettings } = await import('@/server/demo/png-settings');
  return readPngSettings(file);
}

/** What can be done with a picture's file: take it as the picture, or the settings that it carries. */
export function useImageFile() {
  const t = useTranslations('demo.drop');
  return useMemo(() => {
    function restore(file: File, settings: PngSettings): void {
      const before = getDraft();
      cancelUpload();
      restoreRecipe(settings);
      const { notTaken } = settings;
      const named = notTaken
        .slice(0, mostNamed)
        .map((one) => (one.length > 60 ? `${one.slice(0, 59)}…` : one));
      if (notTaken.length > mostNamed) named.push('…');
      toast(t(settings.task === 'generate' ? 'restored' : 'restoredSource'), {
        description: named.length > 0 ? t('notTaken', { settings: named.join(' · ') }) : undefined,
        duration: noteMs,
        action: {
          label: t('useInstead'),
          onClick: () => {
            changeDraft(before);
            void takeFile(file, before.task === 'generate' ? 'edit' : before.task);
          },
        },
      });
    }

    return {
      /** As the picture of the task; settings in the file are offered. */
      async take(file: File, task?: Task): Promise<void> {
        const taken = takeFile(file, task);
        const settings = await readSettings(file).catch(() => null);
        if (settings)
          toast(t('carries'), {
            duration: noteMs,
            action: { label: t('restore'), onClick: () => restore(file, settings) },
          });
        await taken;
      },

      /** The settings where the file carries some, else as the picture of `task`. */
      async restoreOrTake(file: File, task?: Task): Promise<void> {
        const settings = await readSettings(file).catch(() => null);
        if (settings) restore(file, settings);
        else await takeFile(file, task);
      },

      /** The settings and nothing else; a file without any is refused. */
      async restoreOnly(file: File): Promise<void> {
        try {
          const settings = await readSettings(file);
          if (settings) restore(file, settings);
          else toast.error(t('none', { name: file.name }));
        } catch {
          toast.error(t('unreadable', { name: file.name }));
        }
      },
    };
  }, [t]);
}
