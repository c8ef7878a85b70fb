import { sitePath } from '@/server/env/site-path';
import { cn } from '../../_components/cn';
import { StoredImage } from '../../_components/stored-image';

/** Where the server has a small copy of a picture: its longer side in pixels. */
export const thumbnailUrl = (hash: string, size: 160 | 320) => sitePath(`/api/images/${hash}?size=${size}`);

/** A small copy that is sharp on fine screens too. Where words stand beside it, `alt` stays empty. */
export function Thumbnail({ hash, alt = '', className }: { hash: string; alt?: string; className?: string }) {
  return (
    <StoredImage
      src={thumbnailUrl(hash, 160)}
      srcSet={`${thumbnailUrl(hash, 160)} 1x, ${thumbnailUrl(hash, 320)} 2x`}
      alt={alt}
      decoding="async"
      draggable={false}
      className={cn('bg-sunken object-cover', className)}
    />
  );
}
