import { ComingLine, lazyPart } from '../_ui/lazy-part';

/** What most visits never open: loaded when it is wanted. */

export const CompareDialog = lazyPart(() => import('./compare/dialog').then((m) => m.CompareDialog));
export const ConversationImport = lazyPart(() =>
  import('./history/conversation-import').then((m) => m.ConversationImport),
);
export const FlagDialog = lazyPart(() => import('./sharing/flag-dialog').then((m) => m.FlagDialog));
export const GridCard = lazyPart(() => import('./grid/card').then((m) => m.GridCard), ComingLine);
export const GridDialog = lazyPart(() => import('./grid/dialog').then((m) => m.GridDialog));
export const HistoryPanel = lazyPart(() => import('./history/history-panel').then((m) => m.HistoryPanel));
export const LineageDialog = lazyPart(() => import('./lineage/lineage-dialog').then((m) => m.LineageDialog));
export const ShareDialog = lazyPart(() => import('./sharing/share-dialog').then((m) => m.ShareDialog));
export const KeyboardMap = lazyPart(() => import('./keyboard/keyboard-dialog').then((m) => m.KeyboardMap));
export const ResultLightbox = lazyPart(() =>
  import('./result/result-lightbox').then((m) => m.ResultLightbox),
);
