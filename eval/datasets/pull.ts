import { pull, type Pulled, type PullOptions } from '../download/pull';
import { chosenSources, type Source } from '../download/sources';
import { lockName } from './lock';

/** What a benchmark says of its data (eval/benchmarks/definition.ts). */
export interface PullableDataset {
  name: string;
  pull: {
    sources: readonly Source[];
    /** How many files of each source are fetched unless somebody asks for more; all where it is left out. */
    archives?: number;
  };
}

export interface DatasetPullOptions extends PullOptions {
  /** How many files of each source, of a set that consists of archives. Default: its own. */
  archives?: number;
}

export interface PulledDataset extends Pulled {
  dataset: string;
}

const advice = {
  unreachable: 'Check the network, or set a mirror with --mirror or STUDIO_DATA_MIRROR',
  refused: 'Is the mirror complete, and does the dataset need an account?',
};

/** Fetches a dataset, or what is missing of it. @throws as pull (eval/download/pull.ts) */
export async function pullDataset(
  { name, pull: from }: PullableDataset,
  folder: string,
  { archives, ...options }: DatasetPullOptions = {},
): Promise<PulledDataset> {
  const plan = {
    name,
    sources: chosenSources(name, from.sources, options.only),
    lock: lockName,
    ...(from.archives !== undefined && { archives: archives ?? from.archives }),
  };
  return { dataset: name, ...(await pull(plan, folder, { advice, ...options })) };
}
