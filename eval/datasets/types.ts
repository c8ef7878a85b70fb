import type { Problem } from '../benchmarks/problem';

/** One item of a benchmark, whole: what a model is asked, what is right, and every picture that it takes. */
export interface DatasetItem<Data = unknown> {
  /** Unique in the dataset and the same for ever, e.g. `validation_Art_7`. */
  key: string;
  /** What results are broken down by: GenEval's tag, MMMU's subject, the kind of an edit. */
  group: string;
  /** Goes through JSON unchanged. */
  data: Data;
  /** By name, in the order in which a model gets them. */
  pictures: readonly DatasetPicture[];
}

export interface DatasetPicture {
  name: string;
  /** A PNG, JPEG or WebP file. */
  bytes: Uint8Array;
}

/** A dataset that is read item by item, so that it never stands in memory as a whole. */
export interface Dataset<Data = unknown> {
  /** How many items will come, where that is known before. */
  size: number | null;
  /** Its hash (hash.ts), where that is known before: one that is stored already need not be read. */
  hash?: string;
  items(): AsyncIterable<DatasetItem<Data>>;
  /** What could not be used; complete when `items` has ended. */
  problems: readonly Problem[];
}

/** A question in MMMU's format; its pictures are named `image_1` to `image_7`. */
export interface MmmuQuestion {
  question: string;
  kind: 'multiple-choice' | 'open';
  /** Texts of the options; empty for an open question. */
  options: readonly string[];
  /** A letter, or the text or texts that count as right. */
  answer: string | readonly string[];
}

/** An edit; its pictures are named `source` and `target`. */
export interface EditItem {
  instruction: string;
  /** Describes the target; what CLIP-T compares with. */
  caption: string;
  language: 'en' | 'zh';
}
