import type { VisitorTokens } from '../../accounts/visitor-token';
import { embedHeader, visitorHeader } from '../../accounts/header-names';

/**
 * The headers of a subscription. Browsers send none of a page's own with an event stream, so what the page would say in
 * them stands in its address, as tRPC's connection parameters `{visitor, embed}`.
 */
export function streamHeaders(given: Headers, url: URL, visitors: VisitorTokens): Headers {
  const headers = new Headers(given);
  const { visitor, embed } = parametersOf(url);
  if (embed === '1') headers.set(embedHeader, '1');
  // What is in an address is good for streams alone; a token for everything counts for nothing there.
  const id = visitors.read(typeof visitor === 'string' ? visitor : null, 'streams');
  if (id) headers.set(visitorHeader, visitors.issue(id, 'requests'));
  return headers;
}

function parametersOf(url: URL): { visitor?: unknown; embed?: unknown } {
  try {
    const parsed: unknown = JSON.parse(url.searchParams.get('connectionParams') ?? 'null');
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
