import { cn } from '../cn';
import { StoredImage } from '../stored-image';
import { imageUrl } from './address';

/** A small copy that is sharp on fine screens too. Where words stand beside it, `alt` stays empty. */
export function Thumbnail({ hash, alt = '', className }: { hash: string; alt?: string; className?: string }) {
  return (
    <StoredImage
      src={imageUrl(hash, { size: 160 })}
      srcSet={`${imageUrl(hash, { size: 160 })} 1x, ${imageUrl(hash, { size: 320 })} 2x`}
      alt={alt}
      decoding="async"
      draggable={false}
      className={cn('bg-sunken object-cover', className)}
    />
  );
}
