import path from 'node:path';
import type { GraphName } from '../../runtime/manifest';
import type { Tensors } from '../checkpoint/tensors';
import { fluxDecoder, fluxModulation } from '../graphs/flux';
import { embedTokens, languageModel, visionHead } from '../graphs/language-model';
import { Layers, type Compute, type Numbers } from '../graphs/layers';
import { editingProjector, generationProjector, type Grids } from '../graphs/projectors';
import { vaeDecoder } from '../graphs/vae';
import { visionEncoder } from '../graphs/vision-encoder';
import { GraphBuilder, type Port } from '../onnx/graph-builder';
import type { Checkpoint } from './checkpoint';

/** What FLUX was distilled with, and what Nexus-Gen's scripts tell it. */
export const embeddedGuidance = 3.5;

/** Which files a graph's weights are in. */
export type PartName = 'autoregressive' | 'generation' | 'editing' | 'vae';

interface GraphRule {
  of: PartName;
  make: (layers: Layers, checkpoint: Checkpoint, made: MadeConstants) => void;
  /** Computes in this, whatever the others do. */
  compute?: Compute;
}

/** What the text encoders give, once. */
export interface MadeConstants {
  /** CLIP's vector of the empty prompt. */
  pooled: Float32Array;
  grids: Grids;
}

const modulation: GraphRule['make'] = (layers, _checkpoint, { pooled }) =>
  fluxModulation(layers, { pooled, guidance: embeddedGuidance });

/** Every graph of a Nexus-Gen, by the name that the pipeline knows it by. */
const rules: Record<GraphName, GraphRule> = {
  vision_encoder: {
    of: 'autoregressive',
    make: (layers, { config }) => visionEncoder(layers, config.vision),
  },
  embed_tokens: { of: 'autoregressive', make: (layers, { config }) => embedTokens(layers, config.language) },
  language_model: {
    of: 'autoregressive',
    make: (layers, { config }) => languageModel(layers, config.language),
  },
  vision_head: { of: 'autoregressive', make: (layers, { config }) => visionHead(layers, config.language) },
  generation_projector: {
    of: 'generation',
    make: (layers, { config }, { grids }) => generationProjector(layers, config.language, grids),
  },
  generation_modulation: { of: 'generation', make: modulation },
  generation_decoder: { of: 'generation', make: fluxDecoder },
  editing_projector: {
    of: 'editing',
    make: (layers, { config }, { grids }) => editingProjector(layers, config.language, grids),
  },
  editing_modulation: { of: 'editing', make: modulation },
  editing_decoder: { of: 'editing', make: fluxDecoder },
  vae_decoder: { of: 'vae', make: vaeDecoder, compute: 'float32' },
};

export const graphNames = Object.keys(rules) as GraphName[];

export interface WrittenGraph {
  bytes: Uint8Array;
  /** The folder from which it names its files. */
  weights: string;
  /** Bytes of what it names there. */
  memory: number;
  inputs: Record<string, Port>;
  outputs: Record<string, Port>;
}

/** Writes one graph over the checkpoint. @throws CheckpointError where tensors are missing or of another shape */
export function writeGraph(
  name: GraphName,
  checkpoint: Checkpoint,
  made: MadeConstants,
  numbers: Numbers,
): WrittenGraph {
  const { of, make, compute = numbers.compute } = rules[name];
  const part = checkpoint.parts[of];
  return write(name, part, { ...numbers, compute }, (layers) => make(layers, checkpoint, made));
}

/** A graph over the tensors of one part. */
export function write(
  name: string,
  { tensors, folder }: { tensors: Tensors; folder: string },
  numbers: Numbers,
  make: (layers: Layers) => void,
): WrittenGraph {
  const graph = new GraphBuilder(name, (file) => relativeTo(folder, file));
  make(new Layers(graph, tensors, numbers));
  return { bytes: graph.finish(), weights: folder, memory: graph.weightBytes(), ...graph.ports() };
}

/** The way to a file as graphs write it, on every system with slashes. */
function relativeTo(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll('\\', '/');
}
