import type {
  Device,
  InferenceEvent,
  InferenceRequest,
  InferenceResult,
  Reconstruction,
  RgbImage,
} from '../../models/runtime/types';
import type { Loaded } from '../../models/runtime/graphs/graph';
import type { RuntimeErrorJson } from '../../models/runtime/errors';

/** Messages between a worker and a child that holds models, over IPC with structured cloning, so pixels stay typed
 * arrays. A request is known by its number. */

/** What an inference child is started with. */
export interface ChildArguments {
  modelDir: string;
  device: Device;
  /** Bytes that weights may take on it; by default most of what it has. */
  memory?: number;
}

/** What an inference child answers beside the requests of people: how well the model draws a picture again. */
export interface ReconstructRequest {
  task: 'reconstruct';
  image: RgbImage;
}
export type ChildRequest = InferenceRequest | ReconstructRequest;
export type ChildResult = InferenceResult | Reconstruction;

/** What a child tells of the models that it loaded; a model's manifest has more. */
export interface ServedManifest {
  name: string;
  version: string;
}

export type ToChild<Request = unknown> =
  { type: 'run'; id: number; request: Request; previewEvery: number } | { type: 'cancel'; id: number };

export type FromChild<Result = unknown, Manifest extends ServedManifest = ServedManifest> =
  | { type: 'ready'; manifest: Manifest; hash: string }
  | { type: 'load-failed'; error: RuntimeErrorJson }
  | { type: 'event'; id: number; event: InferenceEvent }
  | { type: 'result'; id: number; result: Result }
  | { type: 'error'; id: number; error: RuntimeErrorJson }
  /** Bytes resident. */
  | { type: 'memory'; rss: number }
  /** Which graphs are on the device by now. */
  | { type: 'graphs'; graphs: Loaded };
