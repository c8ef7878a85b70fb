import { messageOf } from '../../../models/runtime/errors';
import { decodeImage, inspectImage } from '../../../models/runtime/image/decode';
import type { TestOutput } from '../types';
import { AttemptFailure, statusFailure } from './failures';
import type { Quote } from './redact';
import { exchange, type Exchange } from './transport';

const maxRedirects = 3;
const redirects = [301, 302, 303, 307, 308];

type Download = Omit<Exchange, 'method' | 'headers' | 'body'> & {
  /** Of the endpoint: relative addresses count from it, and only it gets `headers` again. */
  root: string;
  headers: Record<string, string>;
  quote: Quote;
  /** The time of day. */
  now: number;
};

/**
 * One attempt to fetch a picture that an answer names.
 * @throws AttemptFailure, never `unavailable`: the endpoint answered, and its next picture may stand elsewhere
 */
export async function download(
  address: string,
  { root, headers, quote, now, ...rest }: Download,
): Promise<Uint8Array> {
  let from = root;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const url = checkedUrl(address, from);
    const own = url.origin === new URL(root).origin ? headers : {};
    const answer = await exchange(url, { ...rest, method: 'GET', headers: own }).catch((error: unknown) => {
      throw error instanceof AttemptFailure ? item(error) : error;
    });
    const location = answer.headers.get('location');
    if (redirects.includes(answer.status) && location) {
      address = location;
      from = url.href;
      continue;
    }
    if (answer.status < 200 || answer.status > 299) throw item(statusFailure(answer, quote, now));
    if (answer.body.length === 0) throw new AttemptFailure('item', "The image's URL returned no data.");
    return answer.body;
  }
  throw new AttemptFailure('item', `The image's URL redirects more than ${maxRedirects} times.`);
}

function checkedUrl(address: string, from: string): URL {
  if (!URL.canParse(address, from)) throw new AttemptFailure('item', "The image's URL is invalid.");
  const url = new URL(address, from);
  if (!/^https?:$/.test(url.protocol) || url.username || url.password)
    throw new AttemptFailure('item', "The image's URL is not a plain http or https URL.");
  return url;
}

function item({ message, retry, retryAfterMs }: AttemptFailure): AttemptFailure {
  return new AttemptFailure('item', `The image could not be fetched. ${message}`, { retry, retryAfterMs });
}

/**
 * Decodes all of it, so that a damaged picture is the endpoint's failure and not the scorer's. The size is the real
 * one, whatever was asked for.
 * @throws AttemptFailure
 */
export async function checkedPicture(
  bytes: Uint8Array,
): Promise<Omit<Extract<TestOutput, { kind: 'image' }>, 'latencyMs'>> {
  try {
    const { format } = await inspectImage(bytes);
    const { width, height } = await decodeImage(bytes);
    return { kind: 'image', bytes, mediaType: `image/${format}`, width, height };
  } catch (error) {
    throw new AttemptFailure('item', `The endpoint's image can’t be used: ${messageOf(error)}`);
  }
}
