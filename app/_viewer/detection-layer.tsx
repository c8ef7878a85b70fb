import { useMemo } from 'react';
import type { DetectionView } from '@/server/evaluation/runs/schema';
import type { Zoom } from './use-zoom';
import { fitInside, type Size } from './zoom';
import { wordsOn } from './class-colours';
import { maskPath } from './masks';

export interface Drawn {
  boxes: boolean;
  masks: boolean;
  labels: boolean;
  /** Also those under the threshold. */
  below: boolean;
}

interface DetectionLayerProps {
  zoom: Zoom;
  picture: Size;
  detections: readonly DetectionView[];
  colours: ReadonlyMap<string, string>;
  drawn: Drawn;
  /** The place in `detections` of the one that is looked at. */
  active: number | null;
  onActive: (index: number | null) => void;
}

const areaOf = ({ box: [x1, y1, x2, y2] }: DetectionView) => (x2 - x1) * (y2 - y1);

/** Boxes, masks and names over a picture, which move with it and keep the width of their lines. */
export function DetectionLayer(props: DetectionLayerProps) {
  const { zoom, picture, detections, colours, drawn, active, onActive } = props;
  const { view, box } = zoom;
  const paths = useMemo(() => detections.map(({ mask }) => (mask ? maskPath(mask) : null)), [detections]);
  const fitted = fitInside(picture, box).width;
  if (fitted === 0) return null;
  /** Pixels of the picture to one of the page. */
  const unit = picture.width / (fitted * view.scale);
  const shown = detections
    .map((detection, index) => ({ detection, index, path: paths[index] ?? null }))
    .filter(({ detection, index }) => detection.counted || drawn.below || index === active)
    // The small ones lie on top: each can be pointed at.
    .sort((a, b) => areaOf(b.detection) - areaOf(a.detection));
  return (
    <>
      <svg
        aria-hidden
        viewBox={`0 0 ${picture.width} ${picture.height}`}
        preserveAspectRatio="xMidYMid meet"
        className="pointer-events-none absolute inset-0 size-full overflow-visible"
        style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
      >
        {shown.map(({ detection, index, path }) => {
          const [x1, y1, x2, y2] = detection.box;
          const colour = colours.get(detection.className) ?? '#ffffff';
          const lit = index === active;
          const faded = active !== null && !lit;
          const frame = { x: x1, y: y1, width: Math.max(0, x2 - x1), height: Math.max(0, y2 - y1) };
          const dash = detection.counted ? undefined : `${6 * unit} ${4 * unit}`;
          return (
            <g key={index} opacity={faded ? 0.35 : 1}>
              {(drawn.masks || lit) && path && (
                <path d={path} fill={colour} fillOpacity={lit ? 0.5 : 0.3} shapeRendering="crispEdges" />
              )}
              {(drawn.boxes || lit) && (
                <>
                  {/* A dark edge, so that every colour stands out from every picture. */}
                  <rect
                    {...frame}
                    fill="none"
                    stroke="#000"
                    strokeOpacity={0.65}
                    strokeWidth={(lit ? 5 : 4) * unit}
                    strokeDasharray={dash}
                  />
                  <rect
                    {...frame}
                    fill="none"
                    stroke={colour}
                    strokeWidth={(lit ? 3 : 2) * unit}
                    strokeDasharray={dash}
                  />
                </>
              )}
              <rect
                {...frame}
                fill="transparent"
                style={{ pointerEvents: 'all' }}
                onPointerEnter={() => onActive(index)}
                onPointerLeave={() => onActive(null)}
              />
            </g>
          );
        })}
      </svg>
      {drawn.labels &&
        shown
          .filter(({ detection, index }) => detection.counted || index === active)
          .map(({ detection, index }) => {
            const [x1, y1] = detection.box;
            const left = box.width / 2 + view.x + (x1 - picture.width / 2) / unit;
            const top = box.height / 2 + view.y + (y1 - picture.height / 2) / unit;
            const colour = colours.get(detection.className) ?? '#ffffff';
            return (
              <span
                key={index}
                aria-hidden
                className="pointer-events-none absolute max-w-48 truncate rounded-sm px-1 text-[11px] leading-4 font-medium"
                style={{
                  left: Math.max(2, Math.min(left, box.width - 60)),
                  top: Math.max(2, Math.min(top - 18, box.height - 18)),
                  background: colour,
                  color: wordsOn(colour),
                  opacity: active !== null && index !== active ? 0.35 : 1,
                }}
              >
                {detection.className} {detection.score.toFixed(2)}
              </span>
            );
          })}
    </>
  );
}
