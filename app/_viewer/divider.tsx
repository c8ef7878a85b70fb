import { ChevronsLeftRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { KeyboardEvent, PointerEvent } from 'react';

const inside = (share: number) => Math.min(1, Math.max(0, share));

interface DividerProps {
  /** The share of the width, 0 to 1, that A has. */
  share: number;
  onChange: (share: number) => void;
}

/** The line between A and B: dragged, or moved with the keys of a slider. */
export function Divider({ share, onChange }: DividerProps) {
  const t = useTranslations('viewer');
  const percent = Math.round(share * 100);

  function onKeyDown(event: KeyboardEvent) {
    const step = event.shiftKey ? 0.1 : 0.02;
    const next = {
      ArrowLeft: share - step,
      ArrowDown: share - step,
      ArrowRight: share + step,
      ArrowUp: share + step,
      PageDown: share - 0.1,
      PageUp: share + 0.1,
      Home: 0,
      End: 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onChange(inside(next));
  }

  function move(event: PointerEvent) {
    const stage = event.currentTarget.parentElement?.getBoundingClientRect();
    if (stage && event.currentTarget.hasPointerCapture(event.pointerId))
      onChange(inside((event.clientX - stage.left) / stage.width));
  }

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t('divider')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={t('dividerValue', { a: percent, b: 100 - percent })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus({ preventScroll: true });
        event.preventDefault();
      }}
      onPointerMove={move}
      className="group absolute inset-y-0 z-10 flex w-11 -translate-x-1/2 cursor-ew-resize touch-none items-center justify-center outline-none"
      style={{ left: `${share * 100}%` }}
    >
      <span
        aria-hidden
        className="group-focus-visible:bg-accent absolute inset-y-0 w-0.5 bg-white shadow-[0_0_0_1px_rgb(0_0_0/0.35)]"
      />
      <span
        aria-hidden
        className="group-focus-visible:outline-accent relative flex size-9 items-center justify-center rounded-full bg-white text-black shadow-[0_1px_6px_rgb(0_0_0/0.4)] outline-offset-2 group-focus-visible:outline-2"
      >
        <ChevronsLeftRight className="size-4" />
      </span>
    </div>
  );
}
