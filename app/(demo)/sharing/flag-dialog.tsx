'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { z } from 'zod';
import { flagReasonSchema, longestComment } from '@/server/demo/sharing/schema';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { boxStyle } from '../../_ui/field';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { toast } from '../../_ui/toaster';
import { useTRPC } from '../../_trpc/client';
import { useErrorText } from '../../_ui/error-text';

/** One's own result by its id, or a shared one by its token. */
export type FlagTarget = { id: string } | { token: string };

interface FlagDialogProps {
  target: FlagTarget;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Reports a result to the reviewers, with a reason. */
export function FlagDialog({ target, open, onOpenChange }: FlagDialogProps) {
  const t = useTranslations('sharing.flag');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t('title')} description={t('description')} className="max-w-md">
        <FlagForm target={target} onSent={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

/** Messages are keys of the page's words. "Something else" says nothing without a comment. */
const formSchema = z
  .object({
    reason: flagReasonSchema.or(z.literal('')).refine((reason) => reason !== '', 'choose'),
    comment: z.string().trim().max(longestComment, 'tooLong'),
  })
  .refine(({ reason, comment }) => reason !== 'other' || comment !== '', {
    path: ['comment'],
    message: 'needed',
  });

function FlagForm({ target, onSent }: { target: FlagTarget; onSent: () => void }) {
  const t = useTranslations('sharing.flag');
  const common = useTranslations('common');
  const problem = useErrorText();
  const trpc = useTRPC();
  const id = useId();
  const { register, handleSubmit, control, formState } = useForm<
    z.input<typeof formSchema>,
    unknown,
    z.output<typeof formSchema>
  >({
    resolver: zodResolver(formSchema),
    defaultValues: { reason: '', comment: '' },
  });
  const [reason, comment] = useWatch({ control, name: ['reason', 'comment'] });
  const send = useMutation(
    trpc.sharing.flag.mutationOptions({
      onSuccess: () => {
        toast(t('sent'));
        onSent();
      },
    }),
  );
  const { errors } = formState;
  const commentError =
    errors.comment?.message === 'tooLong'
      ? t('tooLong', { count: comment.trim().length, most: longestComment })
      : errors.comment && t('needed');
  return (
    <form
      noValidate
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(event) =>
        void handleSubmit(({ reason, comment }) => {
          if (!send.isPending) send.mutate({ ...target, reason, comment });
        })(event)
      }
    >
      <DialogBody className="flex flex-col gap-4 text-sm">
        <fieldset
          aria-describedby={errors.reason ? `${id}-reason` : undefined}
          className="flex flex-col gap-1"
        >
          <legend className="mb-1 font-medium">{t('reason')}</legend>
          {flagReasonSchema.options.map((value) => (
            <label key={value} className="flex min-h-8 cursor-pointer items-center gap-2.5">
              <input type="radio" value={value} className="accent-accent size-4" {...register('reason')} />
              {t(`reasons.${value}`)}
            </label>
          ))}
          {errors.reason && (
            <p id={`${id}-reason`} role="alert" className="text-danger">
              {t('choose')}
            </p>
          )}
        </fieldset>
        <div>
          <label htmlFor={`${id}-comment`} className="font-medium">
            {t('comment')}{' '}
            {reason !== 'other' && <span className="text-muted font-normal">({t('optional')})</span>}
          </label>
          <textarea
            id={`${id}-comment`}
            rows={3}
            aria-invalid={Boolean(errors.comment)}
            aria-describedby={commentError ? `${id}-error` : undefined}
            className={cn(boxStyle, 'mt-1 block resize-y px-3 py-2')}
            {...register('comment')}
          />
          {commentError && (
            <p id={`${id}-error`} role="alert" className="text-danger mt-1">
              {commentError}
            </p>
          )}
        </div>
        {send.isError && (
          <p role="alert" className="text-danger">
            {problem(send.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onSent}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" aria-disabled={send.isPending}>
            {t('send')}
          </Button>
        </div>
      </DialogBody>
    </form>
  );
}
