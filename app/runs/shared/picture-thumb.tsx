import { sitePath } from '@/server/env/site-path';
import { StoredImage } from '../../_components/stored-image';
import { cn } from '../../_components/cn';

const small = (hash: string, size: 160 | 320) => sitePath(`/api/images/${hash}?size=${size}`);

interface ThumbProps {
  picture: { hash: string; width: number; height: number };
  /** How wide it is drawn, in CSS pixels. */
  width: number;
  /** Empty where its words stand beside it. */
  alt?: string;
  className?: string;
}

/** A small copy of a picture, loaded when it comes near; its room is kept by whoever holds it. */
export function PictureThumb({ picture, width, alt = '', className }: ThumbProps) {
  return (
    <StoredImage
      src={small(picture.hash, 320)}
      srcSet={`${small(picture.hash, 160)} 160w, ${small(picture.hash, 320)} 320w`}
      sizes={`${Math.round(width)}px`}
      alt={alt}
      width={picture.width}
      height={picture.height}
      loading="lazy"
      decoding="async"
      draggable={false}
      className={cn('bg-sunken object-contain', className)}
    />
  );
}
