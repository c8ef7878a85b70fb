import { useState } from 'react';
import { lazyPart } from '../../_ui/lazy-part';
import { MoreButton } from './more-button';
import type { ResultMenuProps } from './result-menu';

const load = () => import('./result-menu').then((module) => module.ResultMenu);
/** One that did not arrive is asked for again by the next press. */
const Loaded = lazyPart(load, ({ failed, retry }) => <MoreButton aria-busy={!failed} onClick={retry} />);

/** The menu of a result: its button alone until it is first wanted. */
export function ResultMenu(props: ResultMenuProps) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <Loaded {...props} />;
  return (
    <MoreButton
      aria-haspopup="menu"
      aria-expanded={false}
      // On its way before the click.
      onPointerEnter={() => void load().catch(() => undefined)}
      onFocus={() => void load().catch(() => undefined)}
      onClick={() => setWanted(true)}
    />
  );
}
