import { useTranslations } from 'next-intl';
import { Fragment } from 'react';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { KeyCap } from './key-hint';
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
            <section key={scope} aria-labelledby={`keys-${scope}`} className="mb-5 break-inside-avoid">
              <h3 id={`keys-${scope}`} className="text-muted mb-1.5 text-xs font-medium">
                {t(`scopes.${scope}`)}
              </h3>
              <dl className="text-sm">
                {Object.entries(workKeys[scope]).map(([name, keys]: [string, readonly string[]]) => (
                  <div
                    key={name}
                    className="border-line flex items-center justify-between gap-4 border-b py-1 last:border-0"
                  >
                    <dt>{t(`names.${name as 'submit'}`)}</dt>
                    <dd className="flex shrink-0 items-center gap-1">
                      {shownKeys(keys).map((key, index) => (
                        <Fragment key={key}>
                          {index > 0 && (
                            <span className="text-muted px-0.5 text-xs">
                              {keys.length > 4 ? '–' : t('or')}
                            </span>
                          )}
                          <KeyCap value={key} className="bg-surface" />
                        </Fragment>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}

/** Of many keys in a row the first and the last. */
const shownKeys = (keys: readonly string[]) => (keys.length > 4 ? [keys[0] ?? '', keys.at(-1) ?? ''] : keys);
