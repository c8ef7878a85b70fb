import { Columns2, Layers2, Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Zoom } from '../../_viewer/use-zoom';
import { zoomStep } from '../../_viewer/zoom';
import { Button, IconButton } from '../../_ui/button';
import { KeyHint } from './key-hint';

interface PictureToolsProps {
  zoom: Zoom;
  /** Whether there are pictures to be shown in one another's place. */
  flicks: boolean;
  flicked: boolean;
  onFlick: () => void;
  onTogether: () => void;
}

/** Fit, 100 %, nearer and further; and one picture in the other's place. */
export function PictureTools({ zoom, flicks, flicked, onFlick, onTogether }: PictureToolsProps) {
  const t = useTranslations('reviewWork');
  return (
    <div role="group" aria-label={t('zoom.name')} className="ml-auto flex shrink-0 items-center gap-0.5">
      {flicks && (
        <>
          <Button size="small" variant="ghost" onClick={onFlick}>
            <Layers2 aria-hidden /> <span className="max-sm:sr-only">{t('flick')}</span> <KeyHint value="f" />
          </Button>
          <IconButton
            label={t('together')}
            className="tip-below"
            aria-disabled={!flicked}
            onClick={onTogether}
          >
            <Columns2 aria-hidden />
          </IconButton>
        </>
      )}
      <IconButton
        label={t('zoom.out')}
        className="tip-below max-sm:hidden"
        aria-disabled={zoom.atLeast}
        onClick={() => zoom.zoomBy(1 / zoomStep)}
      >
        <ZoomOut aria-hidden />
      </IconButton>
      <IconButton
        label={t('zoom.in')}
        className="tip-below max-sm:hidden"
        aria-disabled={zoom.atMost}
        onClick={() => zoom.zoomBy(zoomStep)}
      >
        <ZoomIn aria-hidden />
      </IconButton>
      <Button
        size="small"
        variant="ghost"
        className="w-21 tabular-nums"
        aria-label={t('zoom.toggle', { percent: zoom.percent ?? 100 })}
        onClick={() => toggleZoom(zoom)}
      >
        {zoom.percent === null ? '' : t('zoom.percent', { percent: zoom.percent })} <KeyHint value="z" />
      </Button>
      <IconButton
        label={t('zoom.fit')}
        className="tip-below tip-end"
        aria-disabled={zoom.view.scale === 1}
        onClick={zoom.reset}
      >
        <Maximize aria-hidden />
      </IconButton>
    </div>
  );
}

/** From fitted to the picture's own size, and back. */
export function toggleZoom(zoom: Zoom): void {
  if (zoom.percent === 100 && zoom.view.scale !== 1) zoom.reset();
  else zoom.toActual();
}
