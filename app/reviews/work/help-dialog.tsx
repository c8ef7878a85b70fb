import { useTranslations } from 'next-intl';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { KeySection } from '../../_ui/key-section';
import { KeyCap } from '../_parts/key-hint';
import { workKeys, type Scope } from './keys';

interface HelpDialogProps {
  kind: 'rate' | 'pair';
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Called when it has closed, to give the focus back. */
  onClosed: () => void;
}

/** Every key of the page. */
export function HelpDialog({ kind, open, onOpenChange, onClosed }: HelpDialogProps) {
  const t = useTranslations('reviewWork.keys');
  const scopes: Scope[] =
    kind === 'pair' ? ['pair', 'item', 'picture'] : ['rated', 'item', 'picture', 'typing'];
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={t('title')}
        description={t('hint')}
        className="sm:max-w-2xl"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onClosed();
        }}
      >
        <DialogBody tabIndex={0} className="gap-10 sm:columns-2">
          {scopes.map((scope) => (
            <KeySection
              key={scope}
              id={`keys-${scope}`}
              title={t(`scopes.${scope}`)}
              rows={Object.entries(workKeys[scope]).map(([name, keys]: [string, readonly string[]]) => ({
                name,
                label: t(`names.${name as 'submit'}`),
                caps: shownKeys(keys).map((value) => ({
                  value,
                  cap: <KeyCap value={value} className="bg-surface" />,
                })),
                between: keys.length > 4 ? '–' : t('or'),
              }))}
            />
          ))}
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}

/** Of many keys in a row the first and the last. */
const shownKeys = (keys: readonly string[]) => (keys.length > 4 ? [keys[0] ?? '', keys.at(-1) ?? ''] : keys);
