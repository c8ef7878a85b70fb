import path from 'node:path';
import type { Part } from '../checkpoint/part';
import type { Tensors } from '../checkpoint/tensors';
import { GraphBuilder, type Port } from '../onnx/graph-builder';
import { Layers, type Numbers } from './layers';

export interface WrittenGraph {
  bytes: Uint8Array;
  /** The folder from which it names its files. */
  weights: string;
  /** Bytes of what it names there. */
  memory: number;
  /** The tensors that it names. */
  tensors: Tensors;
  inputs: Record<string, Port>;
  outputs: Record<string, Port>;
}

/** A graph over the tensors of one part. */
export function write(
  name: string,
  { tensors, folder }: Part,
  numbers: Numbers,
  make: (layers: Layers) => void,
): WrittenGraph {
  const graph = new GraphBuilder(name, (file) => relativeTo(folder, file));
  make(new Layers(graph, tensors, numbers));
  const { tensors: named } = graph;
  return {
    bytes: graph.finish(),
    weights: folder,
    memory: graph.weightBytes(),
    tensors: named,
    ...graph.ports(),
  };
}

/** The way to a file as graphs write it, on every system with slashes. */
function relativeTo(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll('\\', '/');
}
