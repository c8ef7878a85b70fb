import { sitePath } from '../../../server/platform/env/site-path';
import { streamToken } from '../../_trpc/site-fetch';

interface Variant {
  /** A small copy, its longer side in pixels. */
  size?: 160 | 320;
  /** Without the settings that its file carries, the model's name among them. */
  plain?: boolean;
  /** A file of this name to keep. */
  download?: string;
}

/** Where an image of the server is, for this visitor: where no cookie says who asks, the address does. */
export function imageUrl(hash: string, { size, plain, download }: Variant = {}): string {
  const token = streamToken();
  const query = new URLSearchParams({
    ...(size && { size: String(size) }),
    ...(download !== undefined && { download }),
    ...(plain && { plain: '1' }),
    ...(token !== null && { visitor: token }),
  }).toString();
  return sitePath(`/api/images/${hash}${query && `?${query}`}`);
}
