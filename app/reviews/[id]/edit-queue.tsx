import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useForm } from 'react-hook-form';
import { createQueueSchema, type QueueDetail } from '@/server/reviews/schema';
import { Button } from '../../_ui/button';
import { DialogBody, DialogContent } from '../../_ui/dialog';
import { useErrorText } from '../../_ui/error-text';
import { useTRPC } from '../../_trpc/client';
import { Problem, TextAreaField, TextField } from '../../_ui/field';

const schema = createQueueSchema.pick({ name: true, instructions: true });

/** Name and instructions can be changed while reviews come in; the rubric cannot, or reviews would not compare. */
export function EditQueue({ queue, onDone }: { queue: QueueDetail; onDone: () => void }) {
  const t = useTranslations('reviewResults.tools');
  const words = useTranslations('reviews.newQueue');
  const common = useTranslations('common');
  const failure = useErrorText();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const update = useMutation(trpc.reviews.update.mutationOptions());
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { name: queue.name, instructions: queue.instructions },
  });
  const { errors } = form.formState;
  const name = errors.name ? words('problems.name') : null;
  const instructions = errors.instructions ? words('problems.instructions') : null;
  const send = form.handleSubmit(async (values) => {
    if (update.isPending) return;
    try {
      await update.mutateAsync({ id: queue.id, ...values });
      await cache.invalidateQueries({ queryKey: trpc.reviews.pathKey() });
      onDone();
    } catch (error) {
      form.setError('root', { message: failure(error) });
    }
  });
  return (
    <DialogContent title={t('editTitle')} description={t('editText')}>
      <form noValidate onSubmit={(event) => void send(event)} className="flex min-h-0 flex-col">
        <DialogBody className="flex flex-col gap-4">
          <TextField
            id="edit-name"
            label={words('name')}
            problem={name}
            autoComplete="off"
            {...form.register('name')}
          />
          <TextAreaField
            id="edit-instructions"
            label={words('instructions')}
            problem={instructions}
            rows={8}
            className="py-2 leading-6"
            {...form.register('instructions')}
          />
          <Problem id="edit" text={errors.root?.message} />
        </DialogBody>
        <div className="border-line flex justify-end gap-2 border-t px-4 py-3">
          <Button onClick={onDone}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" aria-disabled={update.isPending}>
            {t('save')}
          </Button>
        </div>
      </form>
    </DialogContent>
  );
}
