import { cn } from '../cn';
import { StoredImage } from '../stored-image';
import { imageUrl } from './address';

interface ThumbnailProps {
  /** Its size, where known, gives the stand-in for one that is still to be drawn its shape. */
  image: { hash: string; width?: number; height?: number };
  /** How wide it is drawn, in CSS pixels; the browser chooses the copy that is sharp on its screen. */
  width?: number;
  /** Empty where words stand beside it. */
  alt?: string;
  className?: string;
}

/** A small copy of an image, loaded when it comes near. Its room is kept by whoever holds it. */
export function Thumbnail({ image, width = 160, alt = '', className }: ThumbnailProps) {
  const { hash } = image;
  return (
    <StoredImage
      src={imageUrl(hash, { size: 320 })}
      srcSet={`${imageUrl(hash, { size: 160 })} 160w, ${imageUrl(hash, { size: 320 })} 320w`}
      sizes={`${Math.round(width)}px`}
      alt={alt}
      width={image.width}
      height={image.height}
      loading="lazy"
      decoding="async"
      draggable={false}
      className={cn('bg-sunken object-cover', className)}
    />
  );
}
