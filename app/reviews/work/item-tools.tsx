import { Columns2, Layers2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { toggleActualSize, type Zoom } from '../../_viewer/use-zoom';
import { FitButton, ZoomInButton, ZoomOutButton } from '../../_viewer/zoom-buttons';
import { Button, IconButton } from '../../_ui/button';
import { KeyHint } from '../_parts/key-hint';

interface ItemToolsProps {
  zoom: Zoom;
  /** Whether there are pictures to be shown in one another's place. */
  flicks: boolean;
  flicked: boolean;
  onFlick: () => void;
  onTogether: () => void;
}

/** Fit, 100 %, nearer and further; and one picture in the other's place. */
export function ItemTools({ zoom, flicks, flicked, onFlick, onTogether }: ItemToolsProps) {
  const t = useTranslations('reviewWork');
  const viewer = useTranslations('viewer');
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
      <ZoomOutButton zoom={zoom} className="tip-below max-sm:hidden" />
      <ZoomInButton zoom={zoom} className="tip-below max-sm:hidden" />
      <Button
        size="small"
        variant="ghost"
        className="w-21 tabular-nums"
        aria-label={t('zoom.toggle', { percent: zoom.percent ?? 100 })}
        onClick={() => toggleActualSize(zoom)}
      >
        {zoom.percent === null ? '' : viewer('percent', { percent: zoom.percent })} <KeyHint value="z" />
      </Button>
      <FitButton zoom={zoom} className="tip-below tip-end" />
    </div>
  );
}
