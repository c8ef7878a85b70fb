import type { RunSettings } from '../../eval/benchmarks/settings';
import { sha256 } from '../../eval/fingerprint';
import type { TestRequest } from '../../eval/under-test/types';

/**
 * The name of an output: the model's revision and everything of the request, pictures by their hashes. The same
 * request of the same revision is made once.
 * @param decided settings that the model's manifest fills in; an explicit default and one left out are the same request
 */
export function cacheKeyOf(
  revisionHash: string,
  request: TestRequest,
  pictureHashes: readonly string[],
  decided: Pick<RunSettings, 'width' | 'height' | 'steps' | 'guidance' | 'decoder' | 'maxNewTokens'>,
): string {
  const asked: Record<string, unknown> = { ...decided, ...withoutUndefined(request) };
  delete asked.image;
  delete asked.images;
  const sorted = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify([revisionHash, sorted, pictureHashes]));
}

const withoutUndefined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
