import path from 'node:path';
import { diskBlobs } from './disk';
import type { BlobStore } from './store';
import { diskThumbnails, type Thumbnails } from './thumbnails';

/**
 * Where the studio keeps images and other bytes: the web server, the workers and the command line open the same place.
 * @param home the studio's folder
 */
export const openBlobs = (home: string): BlobStore => diskBlobs(path.join(home, 'blobs'));

/** Thumbnails can be made again at any time, so that they are kept on the disk of whoever serves them. */
export const openThumbnails = (home: string): Thumbnails => diskThumbnails(path.join(home, 'thumbnails'));
