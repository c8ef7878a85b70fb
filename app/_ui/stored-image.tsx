import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { createContext, useContext, useEffect, useRef, useState, type ComponentProps } from 'react';
import { cn } from './cn';
import { hashOf, useAwaitedImage } from './images/use-awaited-image';

/** Waits before a picture that did not arrive is asked for again, in milliseconds; then only a new network helps. */
const waits = [1000, 2000, 5000, 10_000, 30_000];

/**
 * Whether most images of this part of the page may still have to be drawn: then the server is asked for all of them
 * together before any is loaded, in place of a request for each that finds nothing.
 */
export const MayBeUndrawn = createContext(false);

/**
 * A picture of the server. One that is still to be drawn says so in its place and comes when it is there; one that a lost
 * network kept away is asked for again, and no broken one is shown meanwhile.
 */
export function StoredImage({ src, ...props }: ComponentProps<'img'> & { src: string }) {
  // Another picture begins anew.
  return <Attempts key={src} src={src} {...props} />;
}

function Attempts({ className, alt = '', ...props }: ComponentProps<'img'> & { src: string }) {
  const [attempt, setAttempt] = useState(0);
  const hash = hashOf(props.src);
  const asksFirst = useContext(MayBeUndrawn) && hash !== null;
  const [broken, setBroken] = useState(asksFirst);
  const place = useRef<HTMLElement>(null);
  const state = useAwaitedImage(broken ? hash : null, place);
  // An address that names no image of the server is asked for again by time alone.
  const again = hash === null || state === 'lost' || state === 'ready';
  useEffect(() => {
    if (!broken || !again) return;
    const load = () => {
      setBroken(false);
      setAttempt((count) => count + 1);
    };
    window.addEventListener('online', load);
    // One that is said to be there and cannot be shown all the same is not asked for without end.
    const wait = state === 'ready' ? [0, ...waits][attempt] : waits[attempt];
    const timer = wait === undefined ? undefined : setTimeout(load, wait);
    return () => {
      window.removeEventListener('online', load);
      clearTimeout(timer);
    };
  }, [broken, attempt, state, again]);
  if (broken && (state === 'drawing' || state === 'unserved' || state === 'failed'))
    return <StandIn state={state} alt={alt} className={className} {...props} ref={place} />;
  if (asksFirst && attempt === 0 && (state === 'asking' || state === 'ready'))
    return <span ref={place} data-exchanged className={cn(className, 'bg-sunken')} />;
  return (
    <img
      // A new element asks the server anew.
      key={attempt}
      {...props}
      alt={alt}
      // One that came with the page may have failed before anybody listened.
      ref={(image) => {
        place.current = image;
        if (image?.complete && image.naturalWidth === 0) setBroken(true);
      }}
      onError={() => setBroken(true)}
      className={cn(className, broken && 'opacity-0')}
    />
  );
}

interface StandInProps extends Pick<ComponentProps<'img'>, 'width' | 'height' | 'className'> {
  state: 'drawing' | 'unserved' | 'failed';
  alt: string;
  ref: React.Ref<HTMLElement>;
}

/** What is said in the place of an image that is not there yet. Where there is no room for words, they are a tip. */
function StandIn({ state, alt, width, height, className, ref }: StandInProps) {
  const t = useTranslations('common.images');
  const words = t(state);
  return (
    <span
      ref={ref}
      role="img"
      aria-label={[alt, words].filter(Boolean).join('. ')}
      title={words}
      data-awaited={state}
      data-exchanged
      style={{ aspectRatio: width && height ? `${Number(width)} / ${Number(height)}` : undefined }}
      className={cn(
        className,
        'bg-sunken text-muted @container flex items-center justify-center overflow-hidden',
      )}
    >
      <LoaderCircle
        aria-hidden
        className={cn('size-4 @min-[7rem]:hidden', state === 'drawing' && 'animate-spin')}
      />
      <span aria-hidden className="hidden px-3 text-center text-xs leading-4 text-balance @min-[7rem]:block">
        {words}
      </span>
    </span>
  );
}
