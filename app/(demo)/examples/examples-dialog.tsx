import { useTranslations } from 'next-intl';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { focusPrompt } from '../../_request/draft';
import { Examples } from './examples';

interface ExamplesDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The gallery of examples over the page. */
export function ExamplesDialog({ open, onOpenChange }: ExamplesDialogProps) {
  const t = useTranslations('demo.examples');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={t('fill')}
        description={t('fillText')}
        className="max-w-3xl"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          focusPrompt();
        }}
      >
        <DialogBody>
          <Examples onChoose={() => onOpenChange(false)} />
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
