import { useState } from 'react';
import { lazyPart } from '../../_ui/lazy-part';
import { getDraft } from '../../_request/draft';
import { WandButton } from './wand-button';

const load = () => import('./polish-popover').then((module) => module.PolishPopover);
/** One that did not arrive is asked for again by the next press. */
const Loaded = lazyPart(load, ({ failed, retry }) => <WandButton aria-busy={!failed} onClick={retry} />);

/** Polishing: its button alone until it is first wanted. */
export function PolishButton() {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <Loaded />;
  return (
    <WandButton
      // On its way before the click.
      onPointerEnter={() => void load().catch(() => undefined)}
      onFocus={() => void load().catch(() => undefined)}
      onClick={() => {
        if (getDraft().prompt.trim() !== '') setWanted(true);
      }}
    />
  );
}
