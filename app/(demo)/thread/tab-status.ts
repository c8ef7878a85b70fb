import { create } from 'zustand';
import type { GenerationView } from '@/server/demo/schema';
import { isFinished } from '../result/job-events';

/** How far each running job is, from 0 to 1, as its card knows it. */
export const useShares = create<Readonly<Record<string, number>>>(() => ({}));

/** @param share null when the job has ended, or its card is gone */
export function noteShare(id: string, share: number | null): void {
  const { [id]: before = null, ...others } = useShares.getState();
  if (before !== share) useShares.setState(share === null ? others : { ...others, [id]: share }, true);
}

export interface TabStatus {
  /** Jobs that have not ended. */
  active: number;
  /** Mean over them, in whole percent; one of which nothing is known yet counts as 0. */
  percent: number;
}

export function statusOf(items: readonly Pick<GenerationView, 'id' | 'state'>[]): TabStatus {
  const active = items.filter(({ state }) => !isFinished(state));
  const shares = useShares.getState();
  const sum = active.reduce((total, { id }) => total + (shares[id] ?? 0), 0);
  return { active: active.length, percent: active.length > 0 ? Math.floor((100 * sum) / active.length) : 0 };
}

/** "42% · Product" while jobs run, "✓ 2 · Product" when some have ended that nobody has seen, else the product. */
export function titleOf({ active, percent }: TabStatus, unseen: number, product: string): string {
  if (active > 0) return `${percent}% · ${product}`;
  return unseen > 0 ? `✓ ${unseen} · ${product}` : product;
}

/** A ring as far as the jobs are, or a tick; null for the usual icon. A data URL of an SVG of 32 by 32. */
export function iconOf({ active, percent }: TabStatus, unseen: number): string | null {
  if (active === 0 && unseen === 0) return null;
  const length = 2 * Math.PI * 10;
  const mark =
    active > 0
      ? `<circle cx="16" cy="16" r="10" fill="none" stroke="#3b8577" stroke-width="5"/><circle cx="16" cy="16" r="10" fill="none" stroke="#fff" stroke-width="5" stroke-dasharray="${((length * percent) / 100).toFixed(1)} 99" transform="rotate(-90 16 16)"/>`
      : '<path d="M8.5 17l5 5 10-11" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0a6757"/>${mark}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const key = 'studio-notify';

/** Whether this browser can notify at all: not in most frames, nor where the person forbade it. */
export const canNotify = () =>
  typeof Notification !== 'undefined' && Notification.permission !== 'denied' && window.isSecureContext;

export function wantsNotification(): boolean {
  try {
    return canNotify() && Notification.permission === 'granted' && localStorage.getItem(key) === 'on';
  } catch {
    return false;
  }
}

/** Asks the browser for its permission where that is needed. @returns whether notifications will be shown */
export async function setNotification(on: boolean): Promise<boolean> {
  try {
    if (on && (await Notification.requestPermission()) !== 'granted') return false;
    localStorage.setItem(key, on ? 'on' : 'off');
    return on;
  } catch {
    return false;
  }
}

/** Shown by the system; a click brings the page back. */
export function notify(title: string, { body, tag }: { body: string; tag: string }): void {
  try {
    const notification = new Notification(title, { body, tag });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  } catch {
    // Android's browsers show notifications of service workers only; title and icon tell there too.
  }
}
