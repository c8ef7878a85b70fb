'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { toast } from '../../_ui/toaster';
import { useTRPCClient } from '../../_trpc/client';
import { recall } from '../../_request/draft';
import { useErrorText } from '../../_ui/error-text';
import { cancelUpload } from '../composer/upload';
import { asGeneration } from './shared';

const parameter = 'from';

/** Fills the form with a shared result's settings where the address names one (`/?from=<token>`), once. */
export function OpenShared() {
  const t = useTranslations('sharing');
  const problem = useErrorText();
  const client = useTRPCClient();
  const taken = useRef(false);
  useEffect(() => {
    const url = new URL(location.href);
    const token = url.searchParams.get(parameter);
    if (token === null || taken.current) return;
    taken.current = true;
    // A reload must not fill over what was written since.
    url.searchParams.delete(parameter);
    history.replaceState(history.state, '', url);
    client.sharing.get.query({ token }).then(
      (shared) => {
        cancelUpload();
        recall(asGeneration(shared));
        toast(t('opened'));
      },
      (error: unknown) => toast(t('notOpened'), { description: problem(error) }),
    );
  }, [client, problem, t]);
  return null;
}
