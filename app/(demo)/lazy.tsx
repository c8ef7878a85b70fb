import dynamic from 'next/dynamic';

/** What most visits never open: loaded when it is wanted. */

export const CompareDialog = dynamic(() => import('./compare/dialog').then((m) => m.CompareDialog), {
  ssr: false,
});
export const ConversationImport = dynamic(
  () => import('./history/conversation-import').then((m) => m.ConversationImport),
  { ssr: false },
);
export const FlagDialog = dynamic(() => import('./sharing/flag-dialog').then((m) => m.FlagDialog), {
  ssr: false,
});
export const GridCard = dynamic(() => import('./grid/card').then((m) => m.GridCard), { ssr: false });
export const GridDialog = dynamic(() => import('./grid/dialog').then((m) => m.GridDialog), { ssr: false });
export const HistoryPanel = dynamic(() => import('./history/history-panel').then((m) => m.HistoryPanel), {
  ssr: false,
});
export const LineageDialog = dynamic(() => import('./lineage/lineage-dialog').then((m) => m.LineageDialog), {
  ssr: false,
});
export const ShareDialog = dynamic(() => import('./sharing/share-dialog').then((m) => m.ShareDialog), {
  ssr: false,
});
export const KeyboardMap = dynamic(() => import('./keyboard-dialog').then((m) => m.KeyboardMap), {
  ssr: false,
});
export const ResultLightbox = dynamic(() => import('./result-lightbox').then((m) => m.ResultLightbox), {
  ssr: false,
});
