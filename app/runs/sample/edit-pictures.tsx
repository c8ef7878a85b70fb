import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { SampleDetail } from '@/server/evaluation/runs/schema';
import { Layer, Stage } from '../../_viewer/stage';
import { SliderStage } from '../../_viewer/slider-stage';
import { useZoom } from '../../_viewer/use-zoom';
import { ZoomButtons } from '../../_viewer/zoom-buttons';
import { cn } from '../../_ui/cn';
import { Segmented } from '../../_ui/segmented';

type Named = SampleDetail['pictures'][number];

/** Source, result and target of an edit: beside one another, or source and result under a divider. */
export function EditPictures({ sample }: { sample: SampleDetail }) {
  const t = useTranslations('runSamples');
  const viewer = useTranslations('viewer');
  const [mode, setMode] = useState<'side' | 'slider'>('side');
  const [share, setShare] = useState(0.5);
  const order = ['source', 'result', 'target'];
  const result = sample.picture ? [{ ...sample.picture, name: 'result' }] : [];
  const pictures: Named[] = [...sample.pictures, ...result].sort(
    (a, b) => ((order.indexOf(a.name) + 9) % 9) - ((order.indexOf(b.name) + 9) % 9),
  );
  const zoom = useZoom(pictures);
  const source = pictures.find(({ name }) => name === 'source');
  const made = result[0];
  const slides = source !== undefined && made !== undefined;
  const nameOf = (name: string) => {
    const key = `picture.names.${name}` as 'picture.names.source';
    return t.has(key) ? t(key) : name;
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-2 px-2 py-1.5">
        {slides && (
          <Segmented
            legend={t('picture.mode')}
            name="edit-mode"
            size="small"
            value={mode}
            options={(['side', 'slider'] as const).map((value) => ({
              value,
              label: t(`picture.modes.${value}`),
            }))}
            onChange={setMode}
          />
        )}
        <ZoomButtons zoom={zoom} className="ml-auto" />
      </div>
      {slides && mode === 'slider' ? (
        <SliderStage
          zoom={zoom}
          label={viewer('stage')}
          left={{ image: source, alt: nameOf('source') }}
          right={{ image: made, alt: nameOf('result') }}
          share={share}
          onShare={setShare}
          className="min-h-72 flex-1 rounded-none"
        />
      ) : (
        <div
          className={cn(
            'grid min-h-0 flex-1 gap-2 p-2',
            pictures.length > 1 && 'sm:grid-cols-2',
            pictures.length > 2 && 'sm:grid-cols-3',
          )}
        >
          {pictures.map((picture) => (
            <figure key={picture.name} className="flex min-h-56 flex-col">
              <Stage zoom={zoom} label={nameOf(picture.name)} className="min-h-0 flex-1">
                <Layer zoom={zoom} picture={picture} alt={nameOf(picture.name)} />
              </Stage>
              <figcaption className="text-muted pt-1 text-center text-xs">{nameOf(picture.name)}</figcaption>
            </figure>
          ))}
        </div>
      )}
    </div>
  );
}
