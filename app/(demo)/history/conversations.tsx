'use client';

import { FileUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useRef, useState } from 'react';
import { importedSchema, type Imported } from '@/server/demo/conversations/schema';
import { Button } from '../../_ui/button';
import { toast } from '../../_ui/toaster';
import { useErrorText } from '../../_ui/error-text';
import { useLibraryChanged } from './use-library-changed';
import { siteFetch } from '../../_trpc/site-fetch';

/** A refusal of the import: the route's own words, as `useErrorText` reads them. */
class Refused extends Error {
  constructor(readonly data: object) {
    super('the import was refused');
  }
}

/**
 * Sends a file of conversations (.zip as exported, or .json) to the server.
 * @throws Refused; whatever fetch throws when there is no answer
 */
async function importConversation(file: Blob): Promise<Imported> {
  const response = await siteFetch('/api/conversations', {
    method: 'POST',
    body: file,
    headers: { 'content-type': 'application/octet-stream' },
  });
  const body: unknown = await response.json().catch(() => null);
  const imported = importedSchema.safeParse(body);
  if (response.ok && imported.success) return imported.data;
  throw new Refused(typeof body === 'object' && body !== null ? body : { reason: 'BAD_REPLY' });
}

/** Imports a file and says how it went; the lists of results show what came. */
export function useImport(): (file: Blob) => Promise<void> {
  const t = useTranslations('history.import');
  const problem = useErrorText();
  const changed = useLibraryChanged();
  return useCallback(
    async (file: Blob) => {
      try {
        const { ids } = await importConversation(file);
        toast(t('done', { count: ids.length }));
        changed();
      } catch (error) {
        toast(t('failed'), { description: problem(error) });
      }
    },
    [t, problem, changed],
  );
}

/** Picks a file and imports it. */
export function ImportButton() {
  const t = useTranslations('history.import');
  const bringIn = useImport();
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        size="small"
        aria-disabled={busy}
        title={t('hint')}
        onClick={() => !busy && input.current?.click()}
      >
        <FileUp aria-hidden /> {busy ? t('busy') : t('button')}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('hint')}
        accept=".zip,.json,.jsonl,application/zip,application/json"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (!file) return;
          setBusy(true);
          void bringIn(file).finally(() => setBusy(false));
        }}
      />
    </>
  );
}
