import { createHash } from 'node:crypto';
import type { Problem } from '../benchmarks/problem';
import { sha256 } from '../fingerprint';
import type { DatasetItem } from './types';

/**
 * The hash of a dataset, item by item: key, group, data, and name and hash of every picture, in order; then the places
 * of what could not be used.
 */
export function datasetHasher(): {
  add(item: DatasetItem): void;
  addProblems(problems: readonly Problem[]): void;
  digest(): string;
} {
  const hash = createHash('sha256');
  return {
    add: ({ key, group, data, pictures }) => {
      const named = pictures.map(({ name, bytes }) => [name, sha256(bytes)]);
      hash.update(`${JSON.stringify([key, group, data, named])}\n`);
    },
    addProblems: (problems) => {
      if (problems.length > 0) hash.update(JSON.stringify(problems.map(({ where }) => where)));
    },
    /** In hex. */
    digest: () => hash.digest('hex'),
  };
}
