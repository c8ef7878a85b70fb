import type { BlobStore } from '../blobs/store';
import type { Thumbnails } from '../blobs/thumbnails';
import type { Db } from '../db/client';
import type { EventHub } from '../demo/hub';
import type { Logger } from '../log/log';

/** What procedures work with. Tests build one and call procedures directly. */
export interface Services {
  db: Db;
  blobs: BlobStore;
  thumbnails: Thumbnails;
  hub: EventHub;
  log: Logger;
}

export interface Context extends Services {
  /** From the cookie; a new one when there was none. */
  visitorId: string;
}
