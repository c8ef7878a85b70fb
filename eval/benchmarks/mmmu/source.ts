import type { Source } from '../../download/sources';
import { SUBJECTS } from './subjects';

const file = /^([^/]+)\/validation-\d{5}-of-\d{5}\.parquet$/;

/** The commit is one that public evaluations pin; the hub adds the sums at the first pull. */
export const mmmuSource: Source = {
  hub: 'huggingface',
  kind: 'datasets',
  repo: 'MMMU/MMMU',
  revision: '98e6ac0cb9b7b2cd2c991b85a50762edc4aedc68',
  parts: SUBJECTS,
  folder: '',
  partOf(path) {
    const subject = file.exec(path)?.[1];
    return SUBJECTS.find((one) => one === subject) ?? null;
  },
};
