import { useTranslations } from 'next-intl';
import type { DetectionView } from '@/server/evaluation/runs/schema';
import { Button } from '../_ui/button';
import type { Drawn } from './detection-layer';
import type { Zoom } from './use-zoom';
import { ZoomButtons } from './zoom-buttons';

interface DetectionToolsProps {
  zoom: Zoom;
  /** What was found in the images; with nothing there is nothing to choose. */
  detections: readonly DetectionView[];
  drawn: Drawn;
  onDrawn: (drawn: Drawn) => void;
}

/** What is drawn over an image, and how close it is. */
export function DetectionTools({ zoom, detections, drawn, onDrawn }: DetectionToolsProps) {
  const t = useTranslations('viewer');
  const hasMasks = detections.some(({ mask }) => mask !== null);
  const hasBelow = detections.some(({ counted }) => !counted);
  const names = (['boxes', 'masks', 'labels', 'below'] as const).filter(
    (name) => (name !== 'masks' || hasMasks) && (name !== 'below' || hasBelow),
  );
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1">
      {detections.length > 0 && (
        <div role="group" aria-label={t('drawn')} className="flex flex-wrap gap-1">
          {names.map((name) => (
            <Button
              key={name}
              size="small"
              variant="ghost"
              aria-pressed={drawn[name]}
              onClick={() => onDrawn({ ...drawn, [name]: !drawn[name] })}
              className="aria-pressed:bg-accent-soft aria-pressed:text-accent"
            >
              {t(name)}
            </Button>
          ))}
        </div>
      )}
      <ZoomButtons zoom={zoom} className="ml-auto" />
    </div>
  );
}
