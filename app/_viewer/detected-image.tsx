import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { DetectionView, SampleTile } from '@/server/evaluation/runs/schema';
import { Layer, Stage } from './stage';
import type { Zoom } from './use-zoom';
import { DetectionLayer, type Drawn } from './detection-layer';

interface DetectedImageProps {
  picture: NonNullable<SampleTile['picture']>;
  alt: string;
  zoom: Zoom;
  detections: readonly DetectionView[];
  colours: ReadonlyMap<string, string>;
  drawn: Drawn;
  active: number | null;
  onActive: (index: number | null) => void;
  label?: string;
  children?: ReactNode;
  className?: string;
}

/** A picture as large as there is room, with what was found in it. */
export function DetectedImage(props: DetectedImageProps) {
  const { picture, alt, zoom, label, children, className, ...layer } = props;
  const t = useTranslations('viewer');
  return (
    <Stage zoom={zoom} label={label ?? t('stage')} className={className}>
      <Layer zoom={zoom} picture={picture} alt={alt} />
      <DetectionLayer zoom={zoom} picture={picture} {...layer} />
      {children}
    </Stage>
  );
}
