import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { useErrorText } from '../../_ui/error-text';
import { toast } from '../../_ui/toaster';
import { exportUrl } from '../result/result-format';
import { fetchAsVisitor, needsHeaders } from '../../_trpc/site-fetch';

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

/**
 * Saves a file of the visitor's own.
 * @param address as `sitePath` gives it
 * @throws the server's refusal, as `useErrorText` reads it; whatever fetch throws when there is no answer
 */
async function download(address: string): Promise<void> {
  if (!needsHeaders()) return location.assign(address);
  const response = await fetchAsVisitor(address);
  if (!response.ok) throw await refusalOf(response);
  const disposition = response.headers.get('content-disposition') ?? '';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = /filename="([^"]+)"/.exec(disposition)?.[1] ?? 'download';
  link.click();
  // Not at once: some browsers read it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function refusalOf(response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => null);
  const data: unknown = body ?? { reason: 'BAD_REPLY' };
  return Object.assign(new Error('the file was refused'), { data });
}
