import { sitePath, withoutBase } from '../../server/platform/env/site-path';
import { embedHeader, streamHeader, visitorHeader } from '../../server/accounts/header-names';

/**
 * Requests of this page to its server, which say who the visitor is where cookies do not come back: in a frame of
 * another site, or where the browser refuses them. The server then gives tokens (server/accounts/visitor-token.ts), which
 * the tab keeps until the cookie is seen to come back too.
 */

interface Tokens {
  requests: string;
  streams: string;
}

const storageKey = `visitor:${sitePath('/')}`;
const inBrowser = typeof window !== 'undefined';

/** Whether this is the page that other sites frame. It has no links that would make it another. */
export const isEmbedPage = (): boolean => inBrowser && withoutBase(location.pathname) === '/embed';

const slot = () => `${storageKey}${isEmbedPage() ? ':embed' : ''}`;

function restore(): Tokens | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(slot()) ?? 'null') as Partial<Tokens> | null;
    const whole = typeof kept?.requests === 'string' && typeof kept.streams === 'string';
    return whole ? (kept as Tokens) : null;
  } catch {
    return null;
  }
}

let tokens: Tokens | null = inBrowser ? restore() : null;

function keep(next: Tokens | null): void {
  tokens = next;
  try {
    if (next) sessionStorage.setItem(slot(), JSON.stringify(next));
    else sessionStorage.removeItem(slot());
  } catch {
    // The browser keeps nothing for this page: the tokens last as long as it (`forgets`).
  }
}

/** Whether the visitor is known by a token: the page's first view, made without one, had nothing of theirs. */
export const hasToken = (): boolean => tokens !== null;

/** Whether an address alone does not say who asks, as that of a download would have to. */
export const needsHeaders = (): boolean => tokens !== null || isEmbedPage();

/** Whether the tab keeps anything for this page; null until it was tried. */
let stores: boolean | null = null;

function hasStorage(): boolean {
  if (stores !== null) return stores;
  const probe = `${storageKey}:probe`;
  try {
    sessionStorage.setItem(probe, '1');
    sessionStorage.removeItem(probe);
    stores = true;
  } catch {
    stores = false;
  }
  return stores;
}

/** Whether a token was sent, and the cookie that was set with it was not. */
let isAlone = false;
const listeners = new Set<() => void>();

/** Whether what the visitor makes is gone with the page: neither the cookie nor the tab's storage holds who they are. */
export const forgets = (): boolean => isAlone && !hasStorage();

/** @returns ends it */
export function onForgets(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The token that the address of an image carries, since browsers send no headers with it; null where none is needed. */
export const streamToken = (): string | null => tokens?.streams ?? null;

/** What an event stream carries in its address, since browsers send no headers with it; null where nothing is needed. */
export function streamParameters(): { visitor?: string; embed?: string } | null {
  if (!needsHeaders()) return null;
  return { ...(tokens && { visitor: tokens.streams }), ...(isEmbedPage() && { embed: '1' }) };
}

/** The server that made the page knew whom it was for: the cookie does come back. */
const isKnown = () => !inBrowser || document.documentElement.dataset.visitor === 'known';

let introduced = false;
let first: Promise<unknown> | null = null;

/**
 * `fetch` to an address of this site. Two first requests at once would make two visitors, of whom the browser forgets
 * one: while nobody knows who asks, what changes something waits for the answer to the one before it.
 * @param address as `sitePath` gives it
 */
export async function fetchAsVisitor(address: string, init: RequestInit = {}): Promise<Response> {
  const send = async () => {
    const headers = new Headers(init.headers);
    if (isEmbedPage()) headers.set(embedHeader, '1');
    if (tokens) headers.set(visitorHeader, tokens.requests);
    const response = await fetch(address, { ...init, headers });
    learn(response, headers.has(visitorHeader));
    return response;
  };
  const known = () => introduced || tokens !== null || isKnown();
  if ((init.method ?? 'GET') === 'GET') return send();
  while (!known() && first) await first.catch(() => undefined);
  if (known()) return send();
  const sent = send();
  first = sent;
  try {
    const response = await sent;
    introduced = response.ok;
    return response;
  } finally {
    first = null;
  }
}

/** The same by a path without the base. */
export const siteFetch = (path: string, init?: RequestInit): Promise<Response> =>
  fetchAsVisitor(sitePath(path), init);

function learn({ headers, ok }: Response, withToken: boolean): void {
  const [requests, streams] = [headers.get(visitorHeader), headers.get(streamHeader)];
  if (requests === 'cookie') keep(null);
  else if (requests && streams) keep({ requests, streams });
  if (!withToken || !(ok || requests)) return;
  isAlone = requests !== 'cookie';
  for (const listener of listeners) listener();
}
