'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Trash2 } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { createKeySchema, keyNameLength, type CreatedKey, type KeyView } from '@/server/accounts/keys/schema';
import { Button } from '../_ui/button';
import { Dialog, DialogBody, DialogContent } from '../_ui/dialog';
import { useMoment, useTimeZone } from '../_ui/moment';
import { toast } from '../_ui/toaster';
import { useErrorText } from '../_ui/error-text';
import { useTRPC } from '../_trpc/client';
import { CopyButton } from '../_ui/copy-button';

/** Makes, lists and revokes the visitor's keys. */
export function Keys() {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const keys = useQuery(trpc.keys.list.queryOptions());
  const [made, setMade] = useState<CreatedKey | null>(null);
  const [leaving, setLeaving] = useState<KeyView | null>(null);
  const reload = () => cache.invalidateQueries({ queryKey: trpc.keys.list.queryKey() });
  return (
    <div className="flex flex-col gap-4">
      <NewKey
        onMade={(key) => {
          setMade(key);
          void reload();
        }}
      />
      {made && <Secret key={made.id} made={made} onDone={() => setMade(null)} />}
      <List keys={keys.data} onRevoke={setLeaving} />
      <Revoke
        leaving={leaving}
        onClose={() => setLeaving(null)}
        onRevoked={({ id }) => {
          setMade((key) => (key?.id === id ? null : key));
          void reload();
        }}
      />
    </div>
  );
}

function NewKey({ onMade }: { onMade: (key: CreatedKey) => void }) {
  const t = useTranslations('developers.keys');
  const trpc = useTRPC();
  const failure = useErrorText();
  const create = useMutation(trpc.keys.create.mutationOptions());
  const form = useForm({ resolver: zodResolver(createKeySchema), defaultValues: { name: '' } });
  const { errors } = form.formState;
  const problem =
    errors.name?.type === 'too_big'
      ? t('nameTooLong', { max: keyNameLength })
      : errors.name
        ? t('nameMissing')
        : (errors.root?.message ?? null);
  const send = form.handleSubmit(async ({ name }) => {
    if (create.isPending) return;
    try {
      onMade(await create.mutateAsync({ name }));
      form.reset();
    } catch (error) {
      form.setError('root', { message: failure(error) });
    }
  });
  return (
    <form onSubmit={send} noValidate>
      <label htmlFor="key-name" className="text-[13px] font-medium">
        {t('name')}
      </label>
      <div className="mt-1.5 flex gap-2">
        <input
          id="key-name"
          autoComplete="off"
          placeholder={t('placeholder')}
          aria-invalid={problem !== null}
          aria-describedby={problem ? 'key-problem' : undefined}
          className="border-line bg-surface placeholder:text-muted focus-visible:outline-accent aria-invalid:border-danger h-9 min-w-0 flex-1 rounded-lg border px-3 text-sm focus-visible:outline-2"
          {...form.register('name')}
        />
        <Button type="submit" variant="primary" aria-disabled={create.isPending}>
          <KeyRound aria-hidden />
          {t('create')}
        </Button>
      </div>
      {problem && (
        <p id="key-problem" role="alert" className="text-danger mt-1.5 text-sm">
          {problem}
        </p>
      )}
    </form>
  );
}

/** The key itself, as long as it is on the screen. */
function Secret({ made, onDone }: { made: CreatedKey; onDone: () => void }) {
  const t = useTranslations('developers.keys');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const title = t('newTitle', { name: made.name });
  return (
    <div
      ref={box}
      tabIndex={-1}
      role="group"
      aria-label={title}
      className="border-accent bg-accent-soft rounded-xl border p-4 outline-none"
    >
      <p className="font-medium [overflow-wrap:anywhere]">{title}</p>
      <p className="mt-0.5 text-sm leading-6">{t('newHint')}</p>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <input
          readOnly
          aria-label={t('secret')}
          value={made.secret}
          onFocus={(event) => event.currentTarget.select()}
          className="border-line bg-surface focus-visible:outline-accent h-9 min-w-0 flex-1 basis-72 rounded-lg border px-3 font-mono text-[13px] focus-visible:outline-2"
        />
        <CopyButton text={made.secret} label={t('copy')} variant="primary" className="h-9" />
        <Button variant="outline" onClick={onDone}>
          {t('done')}
        </Button>
      </div>
    </div>
  );
}

function List({ keys, onRevoke }: { keys: KeyView[] | undefined; onRevoke: (key: KeyView) => void }) {
  const t = useTranslations('developers.keys');
  const common = useTranslations('common');
  const format = useFormatter();
  const timeZone = useTimeZone();
  const minute = useMoment();
  const day = (date: Date) => format.dateTime(date, { dateStyle: 'medium', timeZone });
  if (!keys?.length)
    return (
      <p className="border-line text-muted rounded-xl border border-dashed px-4 py-4 text-sm">
        {keys ? t('empty') : common('loading')}
      </p>
    );
  return (
    <ul aria-label={t('list')} className="border-line bg-surface divide-line divide-y rounded-xl border">
      {keys.map((key) => (
        <li key={key.id} className="flex items-center gap-3 py-2.5 pr-2.5 pl-4">
          <div className="min-w-0 flex-1">
            <p className="flex items-baseline gap-2.5 text-sm">
              <span className="truncate font-medium">{key.name}</span>
              <code className="text-muted shrink-0 font-mono text-xs">{key.prefix}…</code>
            </p>
            <p className="text-muted mt-0.5 text-[13px] leading-5">
              {t('created', { date: day(key.createdAt) })}
              {' · '}
              {key.lastUsedAt ? t('lastUsed', { date: minute(key.lastUsedAt) }) : t('neverUsed')}
            </p>
          </div>
          <Button
            variant="ghost"
            size="small"
            aria-label={t('revokeNamed', { name: key.name })}
            onClick={() => onRevoke(key)}
          >
            <Trash2 aria-hidden />
            {t('revoke')}
          </Button>
        </li>
      ))}
    </ul>
  );
}

interface RevokeProps {
  leaving: KeyView | null;
  onClose: () => void;
  onRevoked: (key: KeyView) => void;
}

function Revoke({ leaving, onClose, onRevoked }: RevokeProps) {
  const t = useTranslations('developers.keys');
  const common = useTranslations('common');
  const trpc = useTRPC();
  const failure = useErrorText();
  const revoke = useMutation(trpc.keys.revoke.mutationOptions());
  const confirm = async () => {
    if (!leaving || revoke.isPending) return;
    try {
      await revoke.mutateAsync({ id: leaving.id });
      toast(t('revoked', { name: leaving.name }));
      onRevoked(leaving);
      onClose();
    } catch (error) {
      toast.error(failure(error));
    }
  };
  return (
    <Dialog open={leaving !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={t('confirmTitle', { name: leaving?.name ?? '' })}
        description={t('confirmText')}
        className="max-w-sm [overflow-wrap:anywhere]"
      >
        <DialogBody className="flex justify-end gap-2 pt-3">
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button variant="danger" aria-disabled={revoke.isPending} onClick={confirm}>
            {t('revoke')}
          </Button>
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
