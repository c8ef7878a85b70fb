import type { AuthKit } from './auth';
import type { Me } from './schema';
import type { BlobStore } from '../platform/blobs/store';
import type { Thumbnails } from '../platform/blobs/thumbnails';
import type { Db } from '../platform/db/client';
import type { EventHub } from '../platform/db/hub';
import type { Limits } from '../platform/limits/limits';
import type { SiteTurns } from '../platform/limits/turns';
import type { Logger } from '../platform/log/log';

/** What procedures work with. Tests build one and call procedures directly. */
export interface Services {
  db: Db;
  blobs: BlobStore;
  thumbnails: Thumbnails;
  hub: EventHub;
  log: Logger;
  /** What one visitor may do. */
  limits: Limits;
  /** Whose turn it is with what takes much memory or time. */
  turns: SiteTurns;
  auth: AuthKit;
}

/** The browser at the other end, for what begins and ends sessions in it. */
export interface Browser {
  headers: Headers;
  /** Whether it came by HTTPS. */
  secure: boolean;
  /** Its anonymous visitor, whoever is signed in. */
  visitorId: string;
  addCookie: (cookie: string) => void;
}

export interface Context extends Services {
  /** The account's of who is signed in, else from the cookie or the token; a new one when there was none. */
  visitorId: string;
  /** Who is signed in; null for the public. */
  user: Me | null;
  /** The session by which somebody is signed in; null or left out for none. */
  sessionId?: string | null;
  /** Where the request came from (server/start/address.mjs); null where nobody said, as in tests. */
  address?: string | null;
  /** Null where procedures are called without one, and in the page that other sites frame: no session is touched there. */
  browser?: Browser | null;
}
