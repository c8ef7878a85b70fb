import { useEffect, useState, type ComponentProps } from 'react';
import { cn } from './cn';

/** Waits before a picture that did not arrive is asked for again, in milliseconds; then only a new network helps. */
const waits = [1000, 2000, 5000, 10_000, 30_000];

/** A picture of the server. One that a lost network kept away is asked for again, and no broken one is shown meanwhile. */
export function StoredImage({ src, ...props }: ComponentProps<'img'> & { src: string }) {
  // Another picture begins anew.
  return <Attempts key={src} src={src} {...props} />;
}

function Attempts({ className, alt, ...props }: ComponentProps<'img'>) {
  const [attempt, setAttempt] = useState(0);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    if (!broken) return;
    const again = () => {
      setBroken(false);
      setAttempt((count) => count + 1);
    };
    window.addEventListener('online', again);
    const wait = waits[attempt];
    const timer = wait === undefined ? undefined : setTimeout(again, wait);
    return () => {
      window.removeEventListener('online', again);
      clearTimeout(timer);
    };
  }, [broken, attempt]);
  return (
    <img
      // A new element asks the server anew.
      key={attempt}
      {...props}
      alt={alt}
      // One that came with the page may have failed before anybody listened.
      ref={(image) => {
        if (image?.complete && image.naturalWidth === 0) setBroken(true);
      }}
      onError={() => setBroken(true)}
      className={cn(className, broken && 'opacity-0')}
    />
  );
}
