import { decodeImage, messageOf } from '../../models/runtime';
import type { Problem } from '../benchmarks/problem';
import type { Dataset, DatasetItem, DatasetPicture } from './types';

/** The dataset as a whole cannot be used; the message is one line and says what to do. */
export class DatasetError extends Error {}

/** The item cannot be used; the message says why, as a problem's reason does. */
export class ItemError extends Error {}

export type Report = (problem: Problem) => void;

/**
 * A dataset over a generator that is started anew for each reading. An item whose key was there before is a problem.
 * @param size how many items are in its files, of which some may be problems; null where only reading tells
 * @param read yields items and reports problems
 */
export function datasetOf<Data>(
  size: number | null,
  read: (report: Report) => AsyncGenerator<DatasetItem<Data>>,
): Dataset<Data> {
  const problems: Problem[] = [];
  return {
    size,
    problems,
    async *items() {
      problems.length = 0;
      const keys = new Set<string>();
      for await (const item of read((problem) => problems.push(problem)))
        if (keys.has(item.key))
          problems.push({ where: item.key, reason: 'stands in the dataset more than once' });
        else {
          keys.add(item.key);
          yield item;
        }
    },
  };
}

/**
 * A picture that was decoded once, so that a damaged one is found here and not in the middle of a run.
 * @throws ItemError
 */
export async function checkedPicture(name: string, bytes: Uint8Array): Promise<DatasetPicture> {
  await decodeImage(bytes).catch((error: unknown) => {
    throw new ItemError(`has an unusable ${name} image: ${messageOf(error)}`);
  });
  return { name, bytes };
}

/** Reports what `make` throws for the item. @returns null then */
export async function orProblem<Value>(
  where: string,
  report: Report,
  make: () => Promise<Value>,
): Promise<Value | null> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    report({ where, reason: error.message });
    return null;
  }
}
