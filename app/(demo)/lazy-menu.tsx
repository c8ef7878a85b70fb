import dynamic from 'next/dynamic';
import { useState } from 'react';
import { MoreButton } from './more-button';
import type { ResultMenuProps } from './result-menu';

const load = () => import('./result-menu').then((module) => module.ResultMenu);
const Loaded = dynamic(load, { ssr: false, loading: () => <MoreButton aria-busy /> });

/** The menu of a result: its button alone until it is first wanted. */
export function ResultMenu(props: ResultMenuProps) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <Loaded {...props} />;
  return (
    <MoreButton
      aria-haspopup="menu"
      aria-expanded={false}
      // On its way before the click.
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
    />
  );
}
