import {
  useEffect,
  useEffectEvent,
  useRef,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { imageUrl } from '../_ui/images/address';
import { cn } from '../_ui/cn';
import { StoredImage } from '../_ui/stored-image';
import type { Zoom } from './use-zoom';
import { showsPixels, wheelFactor, type Point, type Size } from './zoom';

interface StageProps {
  zoom: Zoom;
  /** Its accessible name. One without a name takes no focus: the keys are those of whatever it stands in. */
  label?: string;
  children: ReactNode;
  className?: string;
  /** Called with the share of the width (0 to 1) where the pointer presses or drags while all is fitted. */
  onDragFitted?: (share: number) => void;
  onPressed?: (pressed: boolean) => void;
  onHovered?: (hovered: boolean) => void;
}

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Where pictures are looked at: wheel and pinch zoom, dragging and arrows move, twice a press goes near and back. */
export function Stage({ zoom, label, children, className, ...on }: StageProps) {
  const ref = useRef<HTMLDivElement>(null);
  const pointers = useRef(new Map<number, Point>());
  const { setBox, view } = zoom;

  useEffect(() => {
    const stage = ref.current;
    if (!stage) return;
    const measure = () => setBox({ width: stage.clientWidth, height: stage.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(stage);
    measure();
    return () => observer.disconnect();
  }, [setBox]);

  const fromCentre = (event: { clientX: number; clientY: number }): Point => {
    const { left, top, width, height } = ref.current?.getBoundingClientRect() ?? new DOMRect();
    return { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 };
  };

  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    zoom.zoomBy(wheelFactor(event), fromCentre(event));
  });
  // React listens to the wheel passively, and then the page would scroll too.
  useEffect(() => {
    const stage = ref.current;
    const listener = (event: WheelEvent) => onWheel(event);
    stage?.addEventListener('wheel', listener, { passive: false });
    return () => stage?.removeEventListener('wheel', listener);
  }, []);

  const drag = (point: Point) => on.onDragFitted?.(point.x / (zoom.box.width || 1) + 0.5);

  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0 || (event.target as Element).closest('[role=slider]')) return;
    const point = fromCentre(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, point);
    on.onPressed?.(true);
    if (view.scale === 1 && pointers.current.size === 1) drag(point);
  }

  function onPointerMove(event: PointerEvent) {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const point = fromCentre(event);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, point);
    if (other) zoom.pinch([before, other], [point, other]);
    else if (view.scale > 1) zoom.pan(point.x - before.x, point.y - before.y);
    else drag(point);
  }

  function onPointerUp(event: PointerEvent) {
    pointers.current.delete(event.pointerId);
    if (pointers.current.size === 0) on.onPressed?.(false);
  }

  function onKeyDown(event: KeyboardEvent) {
    const way = arrows[event.key];
    if (!way || event.target !== event.currentTarget || view.scale === 1) return;
    event.preventDefault();
    zoom.pan(way[0] * 48, way[1] * 48);
  }

  return (
    <div
      ref={ref}
      {...(label !== undefined && { role: 'group', 'aria-label': label, tabIndex: 0, onKeyDown })}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onPointerEnter={(event) => event.pointerType === 'mouse' && on.onHovered?.(true)}
      onPointerLeave={() => on.onHovered?.(false)}
      onDoubleClick={(event) => (view.scale > 1 ? zoom.reset() : zoom.zoomBy(3, fromCentre(event)))}
      className={cn(
        'bg-sunken relative touch-none overflow-hidden rounded-xl outline-offset-[-2px] select-none',
        view.scale > 1 ? 'cursor-grab active:cursor-grabbing' : 'cursor-default',
        className,
      )}
    >
      {children}
    </div>
  );
}

interface LayerProps {
  zoom: Zoom;
  picture: Size & { hash: string };
  alt: string;
  /** Takes away a share (0 to 1) of the stage at the right. */
  cut?: number;
  hidden?: boolean;
  /** Without the settings that the file carries. */
  plain?: boolean;
  /** Without the edges of its pixels, however close it is: for looking at an image, not into it. */
  smooth?: boolean;
}

/** A picture on the stage. Several lie over one another, each hiding what is under it. */
export function Layer(props: LayerProps) {
  const { zoom, picture, alt, cut = 0, hidden = false, plain = false, smooth = false } = props;
  const { x, y, scale } = zoom.view;
  return (
    <div
      className={cn('bg-sunken absolute inset-0', hidden && 'invisible')}
      style={cut > 0 ? { clipPath: `inset(0 ${cut * 100}% 0 0)` } : undefined}
    >
      <StoredImage
        src={imageUrl(picture.hash, { plain })}
        alt={alt}
        // One that is loaded already is painted with the page around it.
        decoding="sync"
        width={picture.width}
        height={picture.height}
        draggable={false}
        className="absolute inset-0 size-full object-contain"
        style={{
          transform: `translate(${x}px, ${y}px) scale(${scale})`,
          imageRendering: !smooth && showsPixels(picture, zoom.box, scale) ? 'pixelated' : undefined,
        }}
      />
    </div>
  );
}

/** Which of the two it is, in a corner of the stage. */
export function Badge({ letter, text, end = false }: { letter: string; text: string; end?: boolean }) {
  return (
    <span
      aria-hidden
      className={cn(
        'bg-surface/90 text-ink pointer-events-none absolute top-2 flex h-6 items-center gap-1.5 rounded-md px-2 text-xs font-medium shadow-sm',
        end ? 'right-2' : 'left-2',
      )}
    >
      <span className="font-semibold">{letter}</span>
      <span className="text-muted">{text}</span>
    </span>
  );
}

/** Where the focus goes when a dialog of pictures opens: to the divider, or else to the stage, whose keys then work. */
export function focusPicture(event: Event): void {
  const dialog = event.currentTarget;
  if (!(dialog instanceof HTMLElement)) return;
  const target = dialog.querySelector('[role=slider]') ?? dialog.querySelector('[role=group][tabindex="0"]');
  if (!(target instanceof HTMLElement)) return;
  event.preventDefault();
  target.focus({ preventScroll: true });
}
