import { useMutation } from '@tanstack/react-query';
import { Check, ChevronDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { visibilities, type Visibility } from '@/server/evaluation/labels';
import type { RunDetail } from '@/server/evaluation/runs/schema';
import { Button } from '../../_ui/button';
import { useErrorText } from '../../_ui/error-text';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '../../_ui/menu';
import { toast } from '../../_ui/toaster';
import { useTRPC } from '../../_trpc/client';
import { visibilityIcons } from '../shared/visibility-badge';
import { ConfirmDialog } from './confirm-dialog';

interface VisibilityMenuProps {
  run: RunDetail;
  done: boolean;
  onChanged: () => void;
}

/** Who may read the run, and for whoever decides it the choice. To publish and to take back are asked about first. */
export function VisibilityMenu({ run, done, onChanged }: VisibilityMenuProps) {
  const t = useTranslations('runs.visibility');
  const trpc = useTRPC();
  const say = useErrorText();
  const [asking, setAsking] = useState<Visibility | null>(null);
  const set = useMutation(
    trpc.runs.setVisibility.mutationOptions({
      onSuccess: (_, { visibility }) => {
        toast.success(t(`changed.${visibility}`));
        onChanged();
      },
      onError: (error) => {
        toast.error(say(error));
        onChanged();
      },
    }),
  );
  const { id, visibility } = run;
  const Icon = visibilityIcons[visibility];
  const choose = (next: Visibility) => {
    if (next === visibility || set.isPending) return;
    if (next === 'published' || visibility === 'published') setAsking(next);
    else set.mutate({ id, visibility: next });
  };
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button size="small" aria-disabled={set.isPending} aria-label={t('change', { now: t(visibility) })}>
            <Icon aria-hidden /> {t(visibility)} <ChevronDown aria-hidden />
          </Button>
        </MenuTrigger>
        <MenuContent align="start" className="max-w-80">
          {visibilities.map((one) => {
            const Sign = visibilityIcons[one];
            const early = one === 'published' && !done;
            return (
              <MenuItem key={one} disabled={early} onSelect={() => choose(one)}>
                <Sign aria-hidden />
                <span className="min-w-0 flex-1">
                  <span className="block font-medium">{t(one)}</span>
                  <span className="text-muted block text-xs leading-4">
                    {t(early ? 'early' : `hints.${one}`)}
                  </span>
                </span>
                <Check aria-hidden className={one === visibility ? undefined : 'invisible'} />
              </MenuItem>
            );
          })}
        </MenuContent>
      </Menu>
      <ConfirmDialog
        open={asking !== null}
        onOpenChange={(open) => !open && setAsking(null)}
        title={t(asking === 'published' ? 'publishTitle' : 'takeBackTitle')}
        text={t(
          asking !== 'published' ? 'takeBackText' : run.incomplete ? 'publishIncomplete' : 'publishText',
        )}
        action={t(asking === 'published' ? 'publish' : 'takeBack')}
        keep={t('leave')}
        variant={asking === 'published' ? 'primary' : 'danger'}
        onConfirm={() => asking && set.mutate({ id, visibility: asking })}
      />
    </>
  );
}
