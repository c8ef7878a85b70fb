import { useTranslations } from 'next-intl';
import { Button } from '../../_ui/button';
import { Dialog, DialogBody, DialogClose, DialogContent } from '../../_ui/dialog';

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: string;
  /** The word on the button that does it. */
  action: string;
  /** The word on the other button. */
  keep?: string;
  variant?: 'danger' | 'primary';
  onConfirm: () => void;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, text, action, keep, variant = 'danger', onConfirm } = props;
  const t = useTranslations('runs');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={title} description={text} className="max-w-md">
        <DialogBody className="flex justify-end gap-2 pt-3">
          <DialogClose asChild>
            <Button>{keep ?? t('confirm.keep')}</Button>
          </DialogClose>
          <Button
            variant={variant}
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
