'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Copy, ExternalLink, Link2, Link2Off } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useRef, useState } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { Button, buttonStyle } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { boxStyle } from '../../_ui/field';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { copyText } from '../../_ui/copy-text';
import { toast } from '../../_ui/toaster';
import { useTRPC } from '../../_trpc/client';
import { useErrorText } from '../../_ui/error-text';
import { sharePath } from './shared';

interface ShareDialogProps {
  /** A finished result. */
  generation: GenerationView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Makes, copies and withdraws the public link of a result, and says what it shows. */
export function ShareDialog({ generation, open, onOpenChange }: ShareDialogProps) {
  const t = useTranslations('sharing.share');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t('title')} className="max-w-md">
        <ShareContent generation={generation} />
      </DialogContent>
    </Dialog>
  );
}

function ShareContent({ generation }: { generation: GenerationView }) {
  const t = useTranslations('sharing.share');
  const common = useTranslations('common');
  const problem = useErrorText();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const input = { id: generation.id };
  const known = useQuery(trpc.sharing.state.queryOptions(input, { staleTime: 0 }));
  const keep = (state: { token: string | null; createdAt: Date | null }) =>
    queryClient.setQueryData(trpc.sharing.state.queryKey(input), state);
  // What was asked before the change must not take its place.
  const onMutate = () => queryClient.cancelQueries({ queryKey: trpc.sharing.state.queryKey(input) });
  const share = useMutation(trpc.sharing.share.mutationOptions({ onMutate, onSuccess: keep }));
  const unshare = useMutation(
    trpc.sharing.unshare.mutationOptions({
      onMutate,
      onSuccess: (state) => {
        keep(state);
        toast(t('withdrawn'));
      },
    }),
  );
  const token = known.data?.token;
  const failure = share.error ?? unshare.error;
  return (
    <DialogBody className="flex flex-col gap-3 text-sm leading-6">
      <ul className="text-muted list-disc space-y-1 pl-5">
        <li>{t('what')}</li>
        {generation.source && <li>{t('source')}</li>}
        <li>{t('not')}</li>
      </ul>
      {known.isError && (
        <div role="alert" className="text-danger flex flex-wrap items-center gap-2">
          {t('unknown', { reason: problem(known.error) })}
          <Button size="small" onClick={() => void known.refetch()}>
            {common('retry')}
          </Button>
        </div>
      )}
      {token ? (
        <>
          <LinkField url={`${location.origin}${sharePath(token)}`} />
          <div className="flex flex-wrap justify-between gap-2">
            <Button
              variant="danger"
              aria-disabled={unshare.isPending}
              onClick={() => !unshare.isPending && unshare.mutate(input)}
            >
              <Link2Off aria-hidden /> {t('withdraw')}
            </Button>
            <a href={sharePath(token)} target="_blank" rel="noopener" className={buttonStyle()}>
              <ExternalLink aria-hidden /> {t('view')}
            </a>
          </div>
        </>
      ) : (
        <Button
          variant="primary"
          className="self-start"
          aria-disabled={share.isPending}
          // A link that is there already is answered as it is: the press need not wait for what is known.
          onClick={() => !share.isPending && share.mutate(input)}
        >
          <Link2 aria-hidden /> {t('create')}
        </Button>
      )}
      {failure && (
        <p role="alert" className="text-danger">
          {problem(failure)}
        </p>
      )}
    </DialogBody>
  );
}

function LinkField({ url }: { url: string }) {
  const t = useTranslations('sharing.share');
  const common = useTranslations('common');
  const [copied, setCopied] = useState(false);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    if (await copyText(url)) return setCopied(true);
    field.current?.select();
    toast(t('copyFailed'));
  };
  return (
    <div>
      <label htmlFor={id} className="text-[13px] font-medium">
        {t('link')}
      </label>
      <div className="mt-1 flex gap-2">
        <input
          ref={field}
          id={id}
          readOnly
          value={url}
          onFocus={(event) => event.target.select()}
          className={cn(boxStyle, 'h-9 flex-1 px-3')}
        />
        <Button variant="primary" onClick={() => void copy()}>
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          <span aria-live="polite">{common(copied ? 'copied' : 'copy')}</span>
        </Button>
      </div>
    </div>
  );
}
