'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import type { Member, ResetLink } from '@/server/accounts/schema';
import { Button } from '../_ui/button';
import { Dialog, DialogBody, DialogContent } from '../_ui/dialog';
import { useErrorText } from '../_ui/error-text';
import { useMe } from '../_ui/current-user';
import { toast } from '../_ui/toaster';
import { useTRPC } from '../_trpc/client';
import { useReload } from './reload';

export type Act = 'disable' | 'endSessions' | 'resetLink';

interface ConfirmProps {
  wanted: { act: Act; member: Member } | null;
  onClose: () => void;
  onLink: (link: ResetLink & { member: Member }) => void;
}

const words = {
  disable: { title: 'confirmDisable', text: 'confirmDisableText', button: 'disable' },
  endSessions: { title: 'confirmSessions', text: 'confirmSessionsText', button: 'endSessions' },
  resetLink: { title: 'confirmReset', text: 'confirmResetText', button: 'makeLink' },
} as const;

/** Asks before what cannot be taken back, and does it. */
export function Confirm({ wanted, onClose, onLink }: ConfirmProps) {
  const t = useTranslations('accounts.team');
  const common = useTranslations('common');
  const trpc = useTRPC().accounts;
  const failure = useErrorText();
  const reload = useReload();
  const me = useMe();
  const setDisabled = useMutation(trpc.setDisabled.mutationOptions());
  const endSessions = useMutation(trpc.endSessionsOf.mutationOptions());
  const makeLink = useMutation(trpc.makeResetLink.mutationOptions());
  const doing = useRef(false);
  const [busy, setBusy] = useState(false);

  async function run(act: Act, member: Member): Promise<void> {
    if (doing.current) return;
    doing.current = true;
    setBusy(true);
    const { id, name } = member;
    try {
      if (act === 'resetLink') onLink({ ...(await makeLink.mutateAsync({ id })), member });
      else if (act === 'endSessions') {
        await endSessions.mutateAsync({ id });
        toast.success(t('sessionsEnded', { name }));
      } else {
        await setDisabled.mutateAsync({ id, disabled: true });
        toast.success(t('wasDisabled', { name }));
      }
      if (id === me?.id && act !== 'resetLink') location.reload();
    } catch (error) {
      toast.error(failure(error));
    } finally {
      doing.current = false;
      setBusy(false);
      onClose();
      void reload();
    }
  }

  const asked = wanted && { ...wanted, ...words[wanted.act] };
  const name = asked?.member.name ?? '';
  return (
    <Dialog open={asked !== null} onOpenChange={(open) => !open && onClose()}>
      {asked && (
        <DialogContent
          title={t(asked.title, { name })}
          description={t(asked.text, { name })}
          className="max-w-sm [overflow-wrap:anywhere]"
        >
          <DialogBody className="flex justify-end gap-2 pt-3">
            <Button onClick={onClose}>{common('cancel')}</Button>
            <Button
              variant={asked.act === 'resetLink' ? 'primary' : 'danger'}
              aria-disabled={busy}
              onClick={() => void run(asked.act, asked.member)}
            >
              {t(asked.button)}
            </Button>
          </DialogBody>
        </DialogContent>
      )}
    </Dialog>
  );
}
