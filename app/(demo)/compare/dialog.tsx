'use client';

import { ArrowLeftRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { Segmented } from '../../_ui/segmented';
import { Differences } from './differences-table';
import { SliderStage } from '../../_viewer/slider-stage';
import { Badge, focusPicture, Layer, Stage } from '../../_viewer/stage';
import { modes, nextMode, setMode, useCompare, type Subject } from './store';
import { useDialogKeys } from '../../_viewer/use-dialog-keys';
import { useZoom, type Zoom } from '../../_viewer/use-zoom';
import { zoomStep } from '../../_viewer/zoom';
import { FitButton, ZoomInButton, ZoomOutButton } from '../../_viewer/zoom-buttons';

interface CompareDialogProps {
  a: Subject;
  b: Subject;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Two pictures, large, one zoom for both: with a divider, side by side, or one in the other's place. */
export function CompareDialog({ a, b, open, onOpenChange }: CompareDialogProps) {
  const t = useTranslations('compare');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent side="full" title={t('title')} onOpenAutoFocus={focusPicture}>
        {open && <Comparison key={`${a.picture.hash} ${b.picture.hash}`} a={a} b={b} />}
      </DialogContent>
    </Dialog>
  );
}

function Comparison({ a, b }: { a: Subject; b: Subject }) {
  const t = useTranslations('compare');
  const { mode } = useCompare();
  const [swapped, setSwapped] = useState(false);
  const [share, setShare] = useState(0.5);
  const [pinned, setPinned] = useState(false);
  const [hovered, setHovered] = useState(false);
  const [pressed, setPressed] = useState(false);
  const zoom = useZoom([a.picture, b.picture]);
  const [left, right] = swapped ? [b, a] : [a, b];
  const showsB = pinned || hovered || pressed;
  const alt = (letter: 'A' | 'B', { role, generation }: Subject) =>
    t('alt', { letter, role: t(role), prompt: generation?.prompt ?? '' });

  useDialogKeys((event) => {
    const key = event.key.toLowerCase();
    if (event.type === 'keyup') {
      if (key === 'b') setPressed(false);
      return false;
    }
    const keys: Record<string, () => void> = {
      m: () => setMode(nextMode(mode)),
      x: () => setSwapped(!swapped),
      b: () => setPressed(true),
      '+': () => zoom.zoomBy(zoomStep),
      '=': () => zoom.zoomBy(zoomStep),
      '-': () => zoom.zoomBy(1 / zoomStep),
      '0': zoom.reset,
    };
    keys[key]?.();
    return key in keys;
  });

  const stageStyle = 'absolute inset-0';
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Toolbar
        zoom={zoom}
        swapped={swapped}
        onSwap={() => setSwapped(!swapped)}
        pinned={pinned}
        onPin={() => setPinned(!pinned)}
      />
      <DialogBody className="pt-2">
        <div className="relative h-[max(16rem,min(62dvh,46rem))]">
          {mode === 'side' ? (
            <div className="absolute inset-0 grid gap-2 max-sm:grid-rows-2 sm:grid-cols-2">
              {([left, right] as const).map((subject, index) => {
                const letter = index === 0 ? 'A' : 'B';
                return (
                  <Stage key={letter} zoom={zoom} label={t('stageOf', { letter })}>
                    <Layer zoom={zoom} picture={subject.picture} alt={alt(letter, subject)} />
                    <Badge letter={letter} text={t(subject.role)} />
                  </Stage>
                );
              })}
            </div>
          ) : mode === 'slider' ? (
            <SliderStage
              zoom={zoom}
              label={t('stage')}
              left={{ image: left.picture, alt: alt('A', left) }}
              right={{ image: right.picture, alt: alt('B', right) }}
              share={share}
              onShare={setShare}
              className={stageStyle}
            >
              <Badge letter="A" text={t(left.role)} />
              <Badge letter="B" text={t(right.role)} end />
            </SliderStage>
          ) : (
            <Stage
              zoom={zoom}
              label={t('stage')}
              className={stageStyle}
              onHovered={setHovered}
              onPressed={setPressed}
            >
              <Layer zoom={zoom} picture={left.picture} alt={alt('A', left)} hidden={showsB} />
              <Layer zoom={zoom} picture={right.picture} alt={alt('B', right)} hidden={!showsB} />
              <Badge letter={showsB ? 'B' : 'A'} text={t((showsB ? right : left).role)} />
            </Stage>
          )}
        </div>
        <Differences a={left} b={right} />
        <Keys />
      </DialogBody>
    </div>
  );
}

interface ToolbarProps {
  zoom: Zoom;
  swapped: boolean;
  onSwap: () => void;
  pinned: boolean;
  onPin: () => void;
}

function Toolbar({ zoom, swapped, onSwap, pinned, onPin }: ToolbarProps) {
  const t = useTranslations('compare');
  const viewer = useTranslations('viewer');
  const { mode } = useCompare();
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5 px-4 pb-1">
      <Segmented
        legend={t('mode')}
        name="compare-mode"
        size="small"
        className="max-sm:w-full"
        value={mode}
        options={modes.map((value) => ({ value, label: t(`modes.${value}`) }))}
        onChange={setMode}
      />
      <Button size="small" variant="ghost" aria-pressed={swapped} onClick={onSwap}>
        <ArrowLeftRight aria-hidden /> {t('swap')}
      </Button>
      {/* Its place is kept, so that nothing moves when the mode changes. */}
      <Button
        size="small"
        aria-pressed={pinned}
        onClick={onPin}
        className={cn(
          'aria-pressed:border-accent aria-pressed:bg-accent-soft',
          mode !== 'toggle' && 'invisible',
        )}
      >
        {t('showB')}
      </Button>
      <div role="group" aria-label={viewer('zoom')} className="ml-auto flex items-center">
        <ZoomOutButton zoom={zoom} />
        <output aria-label={t('scale')} className="w-14 text-center text-[13px] tabular-nums">
          {zoom.percent === null ? '' : viewer('percent', { percent: zoom.percent })}
        </output>
        <ZoomInButton zoom={zoom} />
        <FitButton zoom={zoom} className="tip-end" />
      </div>
    </div>
  );
}

const keys = [
  [['M'], 'mode'],
  [['X'], 'swap'],
  [['+', '−'], 'zoom'],
  [['0'], 'fit'],
  [['←', '→'], 'move'],
  [['B'], 'hold'],
] as const;

function Keys() {
  const t = useTranslations('compare');
  return (
    <dl
      aria-label={t('keyboard')}
      className="text-muted mt-4 flex flex-wrap gap-x-4 gap-y-1.5 text-xs leading-5"
    >
      {keys.map(([names, what]) => (
        <div key={what} className="flex items-center gap-1.5">
          <dt className="flex gap-1">
            {names.map((name) => (
              <kbd
                key={name}
                className="border-line bg-surface text-ink min-w-5 rounded border px-1 text-center font-sans text-[11px] leading-[18px]"
              >
                {name}
              </kbd>
            ))}
          </dt>
          <dd>{t(`keys.${what}`)}</dd>
        </div>
      ))}
    </dl>
  );
}
