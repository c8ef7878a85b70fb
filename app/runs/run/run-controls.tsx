import { ClipboardCheck, Download, GitCompareArrows, Pause, Pencil, Play, Trash2, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { atLeast } from '@/server/accounts/schema';
import type { RunDetail, RunState, SampleFilter } from '@/server/evaluation/runs/schema';
import { sitePath } from '@/server/platform/env/site-path';
import { Button, buttonStyle } from '../../_ui/button';
import { useMe } from '../../_ui/current-user';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '../../_ui/menu';
import { PageLink } from '../../_ui/page-link';
import { reviewHref } from '../samples/url-state';
import { ConfirmDialog } from './confirm-dialog';
import { EditDialog } from './edit-dialog';
import { hasEnded } from './use-follow';
import type { RunAction } from './use-run';
import { VisibilityMenu } from './visibility-menu';

interface RunControlsProps {
  run: RunDetail;
  /** The samples that are looked at: these are reviewed. */
  filter: SampleFilter;
  state: RunState;
  pending: RunAction | null;
  act: (action: RunAction) => void;
  /** Its name or who may read it changed. */
  onChanged: () => void;
}

const formats = ['jsonl', 'csv', 'json'] as const;

/** What can be done with a run, by whom it may be done. */
export function RunControls({ run, filter, state, pending, act, onChanged }: RunControlsProps) {
  const t = useTranslations('runs');
  const me = useMe();
  const [asking, setAsking] = useState<'cancel' | 'remove' | null>(null);
  const [editing, setEditing] = useState(false);
  const may = (role: 'reviewer' | 'admin') => me !== null && atLeast(me.role, role);
  const busy = pending !== null;
  const press = (action: RunAction) => () => {
    if (!busy) act(action);
  };
  return (
    <div className="mt-4 flex flex-wrap items-center gap-2">
      {may('reviewer') && state === 'running' && (
        <Button size="small" aria-disabled={busy} onClick={press('pause')}>
          <Pause aria-hidden /> {t(pending === 'pause' ? 'states.pausing' : 'actions.pause')}
        </Button>
      )}
      {may('reviewer') && (state === 'paused' || state === 'failed') && (
        <Button size="small" aria-disabled={busy} onClick={press('resume')}>
          <Play aria-hidden /> {t(pending === 'resume' ? 'states.resuming' : 'actions.resume')}
        </Button>
      )}
      {may('reviewer') && (state === 'running' || state === 'paused') && (
        <Button
          size="small"
          variant="danger"
          aria-disabled={busy}
          onClick={() => !busy && setAsking('cancel')}
        >
          <X aria-hidden /> {t(pending === 'cancel' ? 'states.cancelling' : 'actions.cancel')}
        </Button>
      )}
      <PageLink
        href={`/runs/compare?first=${run.id}`}
        className={buttonStyle({ variant: 'outline', size: 'small' })}
      >
        <GitCompareArrows aria-hidden /> {t('actions.compare')}
      </PageLink>
      {may('reviewer') && (
        <PageLink
          href={reviewHref(run.id, filter)}
          className={buttonStyle({ variant: 'outline', size: 'small' })}
        >
          <ClipboardCheck aria-hidden /> {t('actions.review')}
        </PageLink>
      )}
      <Menu>
        <MenuTrigger asChild>
          <Button size="small">
            <Download aria-hidden /> {t('actions.export')}
          </Button>
        </MenuTrigger>
        <MenuContent align="start">
          {formats.map((format) => (
            <MenuItem key={format} asChild>
              <a href={sitePath(`/api/runs/${run.id}/export?format=${format}`)} download>
                <span className="font-medium">{format.toUpperCase()}</span>
                <span className="text-muted ml-auto pl-4 text-xs">{t(`exports.${format}`)}</span>
              </a>
            </MenuItem>
          ))}
        </MenuContent>
      </Menu>
      {run.may.edit && (
        <Button size="small" onClick={() => setEditing(true)}>
          <Pencil aria-hidden /> {t('actions.edit')}
        </Button>
      )}
      {run.may.setVisibility && <VisibilityMenu run={run} done={state === 'done'} onChanged={onChanged} />}
      {may('admin') && hasEnded(state) && (
        <Button
          size="small"
          variant="ghost"
          className="text-danger"
          aria-disabled={busy}
          onClick={() => !busy && setAsking('remove')}
        >
          <Trash2 aria-hidden /> {t('actions.remove')}
        </Button>
      )}
      <EditDialog run={run} open={editing} onOpenChange={setEditing} onChanged={onChanged} />
      <ConfirmDialog
        open={asking === 'cancel'}
        onOpenChange={(open) => !open && setAsking(null)}
        title={t('confirm.cancelTitle')}
        text={t('confirm.cancelText')}
        action={t('confirm.cancelDo')}
        onConfirm={() => act('cancel')}
      />
      <ConfirmDialog
        open={asking === 'remove'}
        onOpenChange={(open) => !open && setAsking(null)}
        title={t('confirm.removeTitle')}
        text={t('confirm.removeText')}
        action={t('confirm.removeDo')}
        onConfirm={() => act('remove')}
      />
    </div>
  );
}
