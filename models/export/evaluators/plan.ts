import type { Part } from '../checkpoint/part';
import type { Layers } from '../graphs/layers';

/** A graph to be written. */
export interface PlannedGraph {
  part: Part;
  /** What the file calls the graph's tensors, for messages. */
  nameInFile: (name: string) => string;
  make: (layers: Layers) => void;
}

/** All that an evaluator's directory has but its weights. */
export interface EvaluatorPlan {
  kind: 'clip' | 'dino' | 'detector';
  licence: string;
  notice: string;
  graphs: Record<string, PlannedGraph>;
  /** Fields of the manifest that this kind has. */
  manifest: Record<string, unknown>;
  /** Files to be written, by their names: what is in them. */
  files: Record<string, Buffer>;
}

/** What a family's reader is told. */
export interface FamilyOptions {
  /** The folder or the file of a tokenizer. */
  tokenizer?: string;
  /** A file with the names of a detector's classes, one a line. */
  classes?: string;
}
