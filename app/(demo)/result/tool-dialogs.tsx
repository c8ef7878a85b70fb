import { FlagDialog, LineageDialog, ShareDialog } from '../lazy';
import { closeTool, useTool } from './result-tools';

/** Shows what `openTool` asked for. @param onGoTo brings a result of the lineage into view. */
export function ToolDialogs({ onGoTo }: { onGoTo?: (id: string) => void }) {
  const shown = useTool();
  if (!shown) return null;
  const { tool, generation, open } = shown;
  const state = { open, onOpenChange: (next: boolean) => !next && closeTool() };
  if (tool === 'share') return <ShareDialog generation={generation} {...state} />;
  if (tool === 'flag') return <FlagDialog target={{ id: generation.id }} {...state} />;
  return <LineageDialog generation={generation} onOpen={onGoTo && (({ id }) => onGoTo(id))} {...state} />;
}
