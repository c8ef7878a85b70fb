import { useTranslations } from 'next-intl';
import type { DetectionView } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';
import { useFigures } from '../shared/use-figures';
import { PanelPart } from './panel-part';

interface DetectionsListProps {
  detections: readonly DetectionView[];
  threshold: number | null;
  colours: ReadonlyMap<string, string>;
  active: number | null;
  onActive: (index: number | null) => void;
}

/** What was found in the picture; the one that is pointed at or focused is lit in it. */
export function DetectionsList({ detections, threshold, colours, active, onActive }: DetectionsListProps) {
  const t = useTranslations('runSamples');
  const { number } = useFigures();
  if (detections.length === 0) return null;
  return (
    <PanelPart
      title={
        threshold === null
          ? t('detections.title')
          : t('detections.titleAt', { threshold: number(threshold, 2) })
      }
    >
      <ul className="-mx-2">
        {detections.map((detection, index) => (
          <li key={index}>
            <button
              type="button"
              aria-pressed={index === active}
              onClick={() => onActive(index)}
              onFocus={() => onActive(index)}
              onBlur={() => onActive(null)}
              onPointerEnter={() => onActive(index)}
              onPointerLeave={() => onActive(null)}
              className={cn(
                'flex w-full items-center gap-2.5 rounded-lg px-2 py-1 text-left text-[13px] leading-5',
                index === active && 'bg-sunken',
              )}
            >
              <span
                aria-hidden
                className={cn(
                  'size-3.5 shrink-0 rounded-sm border-2',
                  detection.counted ? 'border-solid' : 'border-dashed',
                )}
                style={{
                  borderColor: colours.get(detection.className),
                  background: detection.counted ? colours.get(detection.className) : undefined,
                }}
              />
              <span className="min-w-0 flex-1 truncate">
                {detection.className}
                {detection.color && <span className="text-muted"> · {detection.color}</span>}
                {!detection.counted && <span className="text-muted"> · {t('detections.below')}</span>}
              </span>
              <span className="text-muted tabular-nums">{number(detection.score, 2)}</span>
            </button>
          </li>
        ))}
      </ul>
    </PanelPart>
  );
}
