import { useTranslations } from 'next-intl';
import { useMemo, useState, type ReactNode } from 'react';
import type { RunDetail, SampleDetail } from '@/server/evaluation/runs/schema';
import { Layer, Stage } from '../../_viewer/stage';
import { useZoom } from '../../_viewer/use-zoom';
import { coloursOf } from '../../_viewer/class-colours';
import { DetectedImage } from '../../_viewer/detected-image';
import type { Drawn } from '../../_viewer/detection-layer';
import { EditPictures } from './edit-pictures';
import { DetectionTools } from '../../_viewer/detection-tools';
import { ZoomButtons } from '../../_viewer/zoom-buttons';
import { SamplePanel } from './sample-panel';

interface SampleViewProps {
  run: RunDetail;
  sample: SampleDetail;
  onGo: (id: string) => void;
}

/** What is drawn is kept from one sample to the next. Masks tint what they lie on, so they come when they are wanted. */
let lastDrawn: Drawn = { boxes: true, masks: false, labels: true, below: true };

/** A sample's picture or pictures, and beside them what is to be said. */
export function SampleView({ run, sample, onGo }: SampleViewProps) {
  const [active, setActive] = useState<number | null>(null);
  const colours = useMemo(
    () => coloursOf(sample.detections.map(({ className }) => className)),
    [sample.detections],
  );
  const stage = { active, onActive: setActive, colours };
  return (
    <div className="flex min-h-0 flex-1 flex-col max-lg:overflow-y-auto lg:flex-row">
      <div className="flex min-h-0 min-w-0 flex-col max-lg:h-[56dvh] max-lg:shrink-0 lg:flex-1">
        {sample.expected.kind === 'edit' ? (
          <EditPictures sample={sample} />
        ) : sample.expected.kind === 'answer' ? (
          <QuestionPictures sample={sample} />
        ) : (
          <GeneratedPicture sample={sample} {...stage} />
        )}
      </div>
      <aside
        // What scrolls can be focused.
        tabIndex={0}
        aria-label={sample.key}
        className="border-line bg-surface px-4 pb-6 max-lg:border-t lg:w-104 lg:shrink-0 lg:overflow-y-auto lg:border-l"
      >
        <SamplePanel run={run} sample={sample} onGo={onGo} {...stage} />
      </aside>
    </div>
  );
}

interface StageState {
  active: number | null;
  onActive: (index: number | null) => void;
  colours: ReadonlyMap<string, string>;
}

function GeneratedPicture({ sample, ...stage }: { sample: SampleDetail } & StageState) {
  const t = useTranslations('runSamples');
  const { picture, detections, prompt } = sample;
  const zoom = useZoom(picture ? [picture] : []);
  const [drawn, setDrawn] = useState(lastDrawn);
  const draw = (next: Drawn) => {
    lastDrawn = next;
    setDrawn(next);
  };
  if (!picture) return <NoPicture>{t('picture.none')}</NoPicture>;
  return (
    <>
      <div className="px-2 py-1.5">
        <DetectionTools zoom={zoom} detections={detections} drawn={drawn} onDrawn={draw} />
      </div>
      <DetectedImage
        picture={picture}
        alt={prompt}
        zoom={zoom}
        detections={detections}
        drawn={drawn}
        {...stage}
        className="min-h-0 flex-1 rounded-none"
      />
    </>
  );
}

/** The pictures that a question is about. */
function QuestionPictures({ sample }: { sample: SampleDetail }) {
  const t = useTranslations('runSamples');
  const zoom = useZoom(sample.pictures);
  if (sample.pictures.length === 0) return <NoPicture>{t('picture.noneAsked')}</NoPicture>;
  return (
    <>
      <div className="flex px-2 py-1.5">
        <ZoomButtons zoom={zoom} className="ml-auto" />
      </div>
      <div
        className="grid min-h-0 flex-1 gap-2 p-2"
        style={{ gridTemplateColumns: `repeat(${Math.min(3, sample.pictures.length)}, minmax(0, 1fr))` }}
      >
        {sample.pictures.map((picture, i) => (
          <Stage key={i} zoom={zoom} label={picture.name} className="min-h-40">
            <Layer zoom={zoom} picture={picture} alt={picture.name} />
          </Stage>
        ))}
      </div>
    </>
  );
}

function NoPicture({ children }: { children: ReactNode }) {
  return (
    <p className="text-muted bg-sunken flex flex-1 items-center justify-center p-6 text-center text-sm">
      {children}
    </p>
  );
}
