import dynamic from 'next/dynamic';
import { useState } from 'react';
import { getDraft } from './draft';
import { WandButton } from './wand-button';

const load = () => import('./polish-popover').then((module) => module.PolishPopover);
const Loaded = dynamic(load, { ssr: false, loading: () => <WandButton aria-busy /> });

/** Polishing: its button alone until it is first wanted. */
export function PolishButton() {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <Loaded />;
  return (
    <WandButton
      // On its way before the click.
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => {
        if (getDraft().prompt.trim() !== '') setWanted(true);
      }}
    />
  );
}
