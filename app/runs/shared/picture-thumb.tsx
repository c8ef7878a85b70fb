import { imageUrl } from '../../_ui/images/address';
import { StoredImage } from '../../_ui/stored-image';
import { cn } from '../../_ui/cn';

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
      src={imageUrl(picture.hash, { size: 320 })}
      srcSet={`${imageUrl(picture.hash, { size: 160 })} 160w, ${imageUrl(picture.hash, { size: 320 })} 320w`}
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
