import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import type { RunDetail } from '@/server/evaluation/runs/schema';
import { Button } from '../../_ui/button';
import { Dialog, DialogBody, DialogClose, DialogContent } from '../../_ui/dialog';
import { useErrorText } from '../../_ui/error-text';
import { useTRPC } from '../../_trpc/client';
import { LabelFields, labelsOf, type LabelForm } from '../shared/label-fields';

interface EditDialogProps {
  run: RunDetail;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChanged: () => void;
}

/** Name, tags and note of a run. */
export function EditDialog({ run, open, onOpenChange, onChanged }: EditDialogProps) {
  const t = useTranslations('runs.labels');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t('title')} description={t('text')} className="max-w-xl">
        {open && (
          <EditForm
            run={run}
            onSaved={() => {
              onOpenChange(false);
              onChanged();
            }}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}

function EditForm({ run, onSaved }: { run: RunDetail; onSaved: () => void }) {
  const t = useTranslations('runs.labels');
  const trpc = useTRPC();
  const say = useErrorText();
  const [form, setForm] = useState<LabelForm>(() => ({
    ...{ name: run.name ?? '', tags: run.tags.join(', '), note: run.note ?? '' },
  }));
  const edit = useMutation(trpc.runs.edit.mutationOptions({ onSuccess: onSaved }));
  const { labels } = labelsOf(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (labels && !edit.isPending) edit.mutate({ id: run.id, ...labels });
  };
  return (
    <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
      <DialogBody className="space-y-4">
        <LabelFields form={form} change={(part) => setForm((now) => ({ ...now, ...part }))} />
        {edit.isError && (
          <p role="alert" className="text-danger text-sm leading-5">
            {say(edit.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <DialogClose asChild>
            <Button>{t('leave')}</Button>
          </DialogClose>
          <Button type="submit" variant="primary" aria-disabled={!labels || edit.isPending}>
            {t('save')}
          </Button>
        </div>
      </DialogBody>
    </form>
  );
}
