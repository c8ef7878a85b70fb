import { useMutation } from '@tanstack/react-query';
import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useState } from 'react';
import { Button } from '../../_ui/button';
import { useErrorText } from '../../_ui/error-text';
import { Popover, PopoverContent, PopoverTrigger } from '../../_ui/popover';
import { useTRPCClient } from '../../_trpc/client';
import { changeDraft, focusPrompt, getDraft, useDraft } from '../../_request/draft';
import { languageOf } from '../../_request/fields';
import { WandButton } from './wand-button';

/** Has a short prompt expanded, and shows what came out before it is used; begins when it appears. */
export function PolishPopover() {
  const t = useTranslations('polishing');
  const common = useTranslations('common');
  const say = useErrorText();
  const client = useTRPCClient();
  const { prompt } = useDraft();
  const [open, setOpen] = useState(true);
  const polish = useMutation({
    mutationFn: () => {
      const draft = getDraft();
      return client.demo.polish.mutate({ prompt: draft.prompt.trim(), language: draft.language });
    },
  });
  const empty = prompt.trim() === '';
  const { data } = polish;
  const same = data?.prompt.trim() === prompt.trim();

  const begin = useEffectEvent(() => polish.mutate());
  useEffect(() => begin(), []);

  const change = (wanted: boolean) => {
    if (wanted && empty) return;
    setOpen(wanted);
    if (wanted) polish.mutate();
    else polish.reset();
  };

  return (
    <Popover open={open} onOpenChange={change}>
      <PopoverTrigger asChild>
        <WandButton />
      </PopoverTrigger>
      <PopoverContent
        side="top"
        align="end"
        aria-label={t('title')}
        className="w-96"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          focusPrompt();
        }}
      >
        <h3 className="text-sm font-semibold">{t('title')}</h3>
        <div role="status" className="mt-1.5 min-h-22 text-sm leading-6">
          {polish.isPending && (
            <p className="text-muted flex items-center gap-2">
              <LoaderCircle aria-hidden className="size-4 animate-spin" /> {t('pending')}
            </p>
          )}
          {polish.isError && <p className="text-danger">{say(polish.error)}</p>}
          {data && same && <p>{t('same')}</p>}
          {data && !same && (
            <>
              <p
                lang={languageOf(data.prompt)}
                className="bg-sunken max-h-48 overflow-y-auto rounded-lg px-2.5 py-1.5 break-words whitespace-pre-wrap"
              >
                {data.prompt}
              </p>
              <p className="text-muted mt-1.5 text-xs leading-4">{t(`by.${data.by}`)}</p>
            </>
          )}
        </div>
        <div className="mt-2.5 flex gap-2">
          {polish.isError ? (
            <Button size="small" variant="primary" onClick={() => polish.mutate()}>
              {common('retry')}
            </Button>
          ) : (
            <Button
              size="small"
              variant="primary"
              aria-disabled={!data || same}
              onClick={() => {
                if (!data || same) return;
                changeDraft({ prompt: data.prompt });
                change(false);
              }}
            >
              {t('use')}
            </Button>
          )}
          <Button size="small" variant="ghost" onClick={() => change(false)}>
            {t('keep')}
          </Button>
        </div>
      </PopoverContent>
    </Popover>
  );
}
