import type { ReactNode } from 'react';
import { Divider } from './divider';
import { Layer, Stage } from './stage';
import type { Zoom } from './use-zoom';
import type { Size } from './zoom';

interface Side {
  image: Size & { hash: string };
  alt: string;
}

interface SliderStageProps {
  zoom: Zoom;
  label: string;
  left: Side;
  right: Side;
  /** The share of the width, 0 to 1, that the left image has. */
  share: number;
  onShare: (share: number) => void;
  className?: string;
  /** Lies over the images and under the divider. */
  children?: ReactNode;
}

/** Two images in one place, parted by a line that is moved: by its handle, or by a drag anywhere while all is fitted. */
export function SliderStage(props: SliderStageProps) {
  const { zoom, label, left, right, share, onShare, className, children } = props;
  return (
    <Stage
      zoom={zoom}
      label={label}
      className={className}
      onDragFitted={(to) => onShare(Math.min(1, Math.max(0, to)))}
    >
      <Layer zoom={zoom} picture={right.image} alt={right.alt} />
      <Layer zoom={zoom} picture={left.image} alt={left.alt} cut={1 - share} />
      {children}
      <Divider share={share} onChange={onShare} />
    </Stage>
  );
}
