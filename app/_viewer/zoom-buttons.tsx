import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { IconButton } from '../_ui/button';
import { cn } from '../_ui/cn';
import type { Zoom } from './use-zoom';
import { zoomStep } from './zoom';

type ZoomButtonProps = { zoom: Zoom } & Partial<Omit<ComponentProps<typeof IconButton>, 'children'>>;

export function ZoomOutButton({ zoom, ...props }: ZoomButtonProps) {
  const t = useTranslations('viewer');
  const zoomOut = () => zoom.zoomBy(1 / zoomStep);
  return (
    <IconButton label={t('zoomOut')} aria-disabled={zoom.atLeast} onClick={zoomOut} {...props}>
      <ZoomOut aria-hidden />
    </IconButton>
  );
}

export function ZoomInButton({ zoom, ...props }: ZoomButtonProps) {
  const t = useTranslations('viewer');
  const zoomIn = () => zoom.zoomBy(zoomStep);
  return (
    <IconButton label={t('zoomIn')} aria-disabled={zoom.atMost} onClick={zoomIn} {...props}>
      <ZoomIn aria-hidden />
    </IconButton>
  );
}

/** Shows the whole image again, as large as there is room. */
export function FitButton({ zoom, ...props }: ZoomButtonProps) {
  const t = useTranslations('viewer');
  return (
    <IconButton label={t('fit')} aria-disabled={zoom.view.scale === 1} onClick={zoom.reset} {...props}>
      <Maximize aria-hidden />
    </IconButton>
  );
}

/** The three in a row, for a toolbar at the top of a dialog. */
export function ZoomButtons({ zoom, className }: { zoom: Zoom; className?: string }) {
  const t = useTranslations('viewer');
  return (
    <div role="group" aria-label={t('zoom')} className={cn('flex items-center', className)}>
      <ZoomOutButton zoom={zoom} className="tip-below" />
      <ZoomInButton zoom={zoom} className="tip-below" />
      <FitButton zoom={zoom} className="tip-below tip-end" />
    </div>
  );
}
