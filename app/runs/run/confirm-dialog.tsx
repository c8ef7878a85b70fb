import { useTranslations } from 'next-intl';
import { Button } from '../../_components/button';
import { Dialog, DialogBody, DialogClose, DialogContent } from '../../_components/dialog';

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: string;
  /** The word on the button that does it. */
  action: string;
  onConfirm: () => void;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({ open, onOpenChange, title, text, action, onConfirm }: ConfirmDialogProps) {
  const t = useTranslations('runs');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={title} description={text} className="max-w-md">
        <DialogBody className="flex justify-end gap-2 pt-3">
          <DialogClose asChild>
            <Button>{t('confirm.keep')}</Button>
          </DialogClose>
          <Button
            variant="danger"
            onClick={() => {
              onOpenChange(false);
              onConfirm();
            }}
          >
            {action}
          </Button>
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
