import { useEffect, useRef, type PointerEvent } from 'react';
import { cn } from '../_ui/cn';
import { pan, zoom, type View } from './zoom';
import { StoredImage } from '../_ui/stored-image';

interface ZoomBoxProps {
  src: string;
  alt: string;
  width: number;
  height: number;
  view: View;
  onView: (change: (view: View) => View) => void;
}

/** A picture that is zoomed by wheel, pinch and double click, and moved by dragging. */
export function ZoomBox({ src, alt, width, height, view, onView }: ZoomBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const pointers = useRef(new Map<number, { x: number; y: number }>());

  const place = (event: { clientX: number; clientY: number }) => {
    const { left, top, width, height } = box.current!.getBoundingClientRect();
    return {
      size: { width, height },
      point: { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 },
    };
  };

  useEffect(() => {
    const element = box.current!;
    // React listens passively, and the page must not scroll or zoom in place of the picture.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { size, point } = place(event);
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      onView((now) => zoom(now, 2 ** ((-event.deltaY * lines) / 240), size, point));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [onView]);

  const onPointerMove = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const { size } = place(event);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    if (!other) return onView((view) => pan(view, now.x - before.x, now.y - before.y, size));
    const apart = (one: typeof now) => Math.hypot(one.x - other.x, one.y - other.y);
    const middle = place({ clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 });
    const factor = apart(now) / Math.max(1, apart(before));
    onView((view) => zoom(view, factor, size, middle.point));
  };
  const onPointerEnd = (event: PointerEvent) => pointers.current.delete(event.pointerId);

  return (
    <div
      ref={box}
      data-zoom
      className={cn(
        'absolute inset-0 touch-none overflow-hidden select-none',
        view.scale > 1 ? 'cursor-grab active:cursor-grabbing' : 'cursor-zoom-in',
      )}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onDoubleClick={(event) => {
        const { size, point } = place(event);
        onView((now) => (now.scale > 1 ? zoom(now, 0, size) : zoom(now, 3, size, point)));
      }}
    >
      <StoredImage
        src={src}
        alt={alt}
        width={width}
        height={height}
        draggable={false}
        className="size-full object-contain"
        style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
      />
    </div>
  );
}
