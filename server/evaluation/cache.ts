import type { RunSettings } from '../../eval/benchmarks/settings';
import { sha256 } from '../../eval/fingerprint';
import { parameters } from '../../models/runtime/parameters';
import type { TestRequest } from '../../eval/under-test/types';

/**
 * The name of an output: the model's revision and everything of the request, pictures by their hashes. The same
 * request of the same revision is made once.
 * @param settings of the run: those that the model's manifest fills in count, so that an explicit default and one left
 *   out are the same request
 */
export function cacheKeyOf(
  revisionHash: string,
  request: TestRequest,
  pictureHashes: readonly string[],
  settings: Partial<RunSettings>,
): string {
  const asked: Record<string, unknown> = { ...decidedOf(settings), ...withoutUndefined(request) };
  delete asked.image;
  delete asked.images;
  const sorted = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify([revisionHash, sorted, pictureHashes]));
}

/** With the keys of those that nobody decided, but for such as may have come after outputs were stored. */
function decidedOf(settings: Partial<RunSettings>): Record<string, unknown> {
  const values: Record<string, unknown> = { ...settings };
  return Object.fromEntries(
    parameters.flatMap(({ key, run, leftOut }) => {
      const isKept = leftOut !== 'omitted' || values[key] !== undefined;
      return run && leftOut !== 'drawn' && isKept ? [[key, values[key]]] : [];
    }),
  );
}

const withoutUndefined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
