import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { isFinished } from '../result/job-events';
import { iconOf, notify, statusOf, titleOf, useShares, wantsNotification } from './tab-status';

/**
 * Tells in the tab itself how far the jobs are and that they have ended, for whoever is elsewhere meanwhile; with
 * permission, a notification too.
 */
export function useTabStatus(items: readonly GenerationView[]): void {
  const t = useTranslations('results');
  const product = useTranslations('common')('product');
  const active = useRef(new Set<string>());
  const [unseen, setUnseen] = useState(0);
  const percent = useShares(() => statusOf(items).percent);
  const running = statusOf(items).active;

  useEffect(() => {
    const ended = items.filter(({ id, state }) => active.current.has(id) && isFinished(state));
    active.current = new Set(items.filter(({ state }) => !isFinished(state)).map(({ id }) => id));
    // Whoever cancels a job knows that it has ended.
    const told = ended.filter(({ state }) => state !== 'cancelled');
    if (told.length === 0 || !document.hidden) return;
    setUnseen((count) => count + told.length);
    if (!wantsNotification()) return;
    for (const { id, task, state, prompt, text } of told)
      notify(t(state === 'failed' ? 'notify.failed' : `notify.${task}`), { body: text ?? prompt, tag: id });
  }, [items, t]);

  useEffect(() => {
    const seen = () => {
      if (!document.hidden) setUnseen(0);
    };
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, []);

  useEffect(() => {
    const status = { active: running, percent };
    const href = iconOf(status, unseen);
    if (href === null) return;
    document.title = titleOf(status, unseen, product);
    // Of several icons the browser takes the last.
    const link = Object.assign(document.createElement('link'), { rel: 'icon', type: 'image/svg+xml', href });
    document.head.append(link);
    return () => {
      link.remove();
      document.title = product;
    };
  }, [running, percent, unseen, product]);
}
