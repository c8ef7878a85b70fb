import type { KeyboardEvent } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { continueFrom, recall } from '../../_request/draft';
import { downloadUrl, pictureOf } from './result-format';
import { takesKeys } from '../../_ui/keyboard';
import { shortcutOf, type Shortcut } from '../keyboard/shortcuts';
import type { ResultsApi } from './result-context';
import { cancelUpload } from '../composer/upload';

interface Target {
  generation: GenerationView;
  finished: boolean;
  results: ResultsApi;
  onDelete: () => void;
}

/** These have a meaning of their own on a button inside of the card. */
const cardOnly: Shortcut[] = ['enlarge', 'delete', 'first', 'last'];

/** What the keys do on a result that has the focus, or on something inside of it. */
export function onResultKey(event: KeyboardEvent<HTMLElement>, target: Target): void {
  const element = event.target as Element;
  // What lies over the page, menus too, belongs to the card for React but not for the reader.
  if (event.defaultPrevented || !event.currentTarget.contains(element) || takesKeys(element)) return;
  const name = shortcutOf('result', event.nativeEvent);
  if (!name) return;
  if (element !== event.currentTarget && (cardOnly.includes(name) || event.key.startsWith('Arrow'))) return;
  const act = actionOf(name, target);
  if (!act) return;
  event.preventDefault();
  act();
}

/** What a shortcut does with this result; undefined where it cannot be done. */
function actionOf(
  name: Shortcut<'result'>,
  { generation, finished, results, onDelete }: Target,
): (() => void) | undefined {
  const { id, picture } = generation;
  const { slots } = results;
  const hasPicture = finished && pictureOf(generation) !== null;
  const goOn = (task: 'edit' | 'understand') =>
    hasPicture
      ? () => {
          cancelUpload();
          continueFrom(generation, task);
        }
      : undefined;
  switch (name) {
    case 'next':
    case 'previous':
    case 'first':
    case 'last':
      return () => results.walk(id, name);
    case 'enlarge':
      return pictureOf(generation) ? () => results.enlarge(id) : undefined;
    case 'edit':
      return goOn('edit');
    case 'ask':
      return goOn('understand');
    case 'download':
      return finished && picture ? () => download(downloadUrl(generation, picture.hash)) : undefined;
    case 'use':
      return () => {
        cancelUpload();
        recall(generation);
      };
    case 'compare':
      return finished && slots.onCompare ? () => slots.onCompare?.(generation) : undefined;
    case 'share':
      return finished && slots.onShare ? () => slots.onShare?.(generation) : undefined;
    case 'delete':
      return finished ? onDelete : undefined;
  }
}

function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
