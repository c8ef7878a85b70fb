import { useEffect, useState, type RefObject } from 'react';
import { useTRPCClient } from '../../_trpc/client';
import { createAwaitedImages, type AwaitedState } from './awaited';

const awaited = createAwaitedImages();

/** The sha256 in the address of an image of the server; null for any other address. */
export const hashOf = (src: string): string | null =>
  /\/api\/images\/([0-9a-f]{64})(?![^?#])/.exec(src)?.[1] ?? null;

/** What lies below or above the window comes after what is seen; what is nowhere on the page comes last. */
function distanceOf(element: Element | null): number {
  if (!element?.isConnected) return Number.MAX_SAFE_INTEGER;
  const { top, bottom } = element.getBoundingClientRect();
  // What a dialog covers comes after what is in it.
  const covered = element.closest('[aria-hidden=true], [inert]') ? 1_000_000 : 0;
  return covered + Math.max(0, top - window.innerHeight, -bottom);
}

/**
 * What becomes of an image that did not load, from the server.
 * @param hash null while nothing is to be known
 * @param place where it is on the page
 */
export function useAwaitedImage(hash: string | null, place?: RefObject<Element | null>): AwaitedState {
  const client = useTRPCClient();
  const [state, setState] = useState<AwaitedState>('asking');
  useEffect(() => {
    if (hash === null) return;
    const remove = awaited.add(
      { hash, distance: () => distanceOf(place?.current ?? null), onState: setState },
      (input, signal) => client.images.wait.mutate(input, { signal }),
    );
    return () => {
      remove();
      setState('asking');
    };
  }, [hash, place, client]);
  return state;
}

/**
 * Loads images before they are shown, and has those drawn that are still to be drawn.
 * @param sources addresses of images of the server
 */
export function useImagesAhead(sources: readonly string[]): void {
  const client = useTRPCClient();
  const list = sources.join(' ');
  useEffect(() => {
    const removes = list
      .split(' ')
      .filter(Boolean)
      .map((src) => {
        let remove: (() => void) | undefined;
        const load = (onError?: () => void) => {
          const image = new Image();
          if (onError) image.onerror = onError;
          image.src = src;
        };
        let left = false;
        load(() => {
          const hash = hashOf(src);
          if (hash === null || left) return;
          remove = awaited.add(
            {
              hash,
              distance: () => Number.MAX_SAFE_INTEGER,
              onState: (state) => state === 'ready' && load(),
            },
            (input, signal) => client.images.wait.mutate(input, { signal }),
          );
        });
        return () => {
          left = true;
          remove?.();
        };
      });
    return () => removes.forEach((remove) => remove());
  }, [list, client]);
}
