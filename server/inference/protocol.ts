import type { Device, InferenceEvent, InferenceRequest, InferenceResult } from '../../models/runtime/types';
import type { Manifest } from '../../models/runtime/manifest';
import type { RuntimeErrorJson } from '../../models/runtime/errors';

/** Messages between a worker and its inference child, over IPC with structured cloning, so pixels stay typed
 * arrays. A request is known by its number. */

export interface ChildArguments {
  modelDir: string;
  device: Device;
}

export type ToChild =
  | { type: 'run'; id: number; request: InferenceRequest; previewEvery: number }
  | { type: 'cancel'; id: number };

export type FromChild =
  | { type: 'ready'; manifest: Manifest; hash: string }
  | { type: 'load-failed'; error: RuntimeErrorJson }
  | { type: 'event'; id: number; event: InferenceEvent }
  | { type: 'result'; id: number; result: InferenceResult }
  | { type: 'error'; id: number; error: RuntimeErrorJson }
  /** Bytes resident. */
  | { type: 'memory'; rss: number };
