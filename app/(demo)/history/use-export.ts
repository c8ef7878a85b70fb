import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { useErrorText } from '../../_ui/error-text';
import { toast } from '../../_ui/toaster';
import { download } from '../../_trpc/download';
import { exportUrl } from '../result/result-format';

/** Saves the conversation that led to a result, and says so where it fails. */
export function useExport(): (generation: GenerationView) => void {
  const t = useTranslations('history');
  const problem = useErrorText();
  return useCallback(
    (generation) =>
      void download(exportUrl(generation)).catch((error: unknown) =>
        toast(t('exportFailed'), { description: problem(error) }),
      ),
    [t, problem],
  );
}
