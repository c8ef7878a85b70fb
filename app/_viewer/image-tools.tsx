import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Zoom } from './use-zoom';
import { zoomStep } from './zoom';
import { Button, IconButton } from '../_ui/button';
import type { Drawn } from './detection-layer';

interface PictureToolsProps {
  zoom: Zoom;
  /** Null where nothing can be drawn. */
  drawn: Drawn | null;
  /** What there is to be drawn. */
  has: { masks: boolean; below: boolean };
  onDrawn: (drawn: Drawn) => void;
}

/** What is drawn over a picture, and how close it is. */
export function PictureTools({ zoom, drawn, has, onDrawn }: PictureToolsProps) {
  const t = useTranslations('runSamples');
  const names = (['boxes', 'masks', 'labels', 'below'] as const).filter(
    (name) => (name !== 'masks' || has.masks) && (name !== 'below' || has.below),
  );
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1">
      {drawn && (
        <div role="group" aria-label={t('picture.drawn')} className="flex flex-wrap gap-1">
          {names.map((name) => (
            <Button
              key={name}
              size="small"
              variant="ghost"
              aria-pressed={drawn[name]}
              onClick={() => onDrawn({ ...drawn, [name]: !drawn[name] })}
              className="aria-pressed:bg-accent-soft aria-pressed:text-accent"
            >
              {t(`picture.${name}`)}
            </Button>
          ))}
        </div>
      )}
      <div role="group" aria-label={t('picture.zoom')} className="ml-auto flex items-center">
        <IconButton
          label={t('picture.zoomOut')}
          className="tip-below"
          aria-disabled={zoom.atLeast}
          onClick={() => zoom.zoomBy(1 / zoomStep)}
        >
          <ZoomOut aria-hidden />
        </IconButton>
        <IconButton
          label={t('picture.zoomIn')}
          className="tip-below"
          aria-disabled={zoom.atMost}
          onClick={() => zoom.zoomBy(zoomStep)}
        >
          <ZoomIn aria-hidden />
        </IconButton>
        <IconButton
          label={t('picture.fit')}
          className="tip-below tip-end"
          aria-disabled={zoom.atLeast}
          onClick={zoom.reset}
        >
          <Maximize aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}
