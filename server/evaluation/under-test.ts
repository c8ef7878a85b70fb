import {
  UnderTestError,
  type ModelUnderTest,
  type TestOutput,
  type TestRequest,
} from '../../eval/under-test/types';
import {
  CancelledError,
  decodeImage,
  encodePng,
  prepareRequest,
  RequestError,
  RuntimeError,
  type Manifest,
  type RequestInput,
} from '../../models/runtime';
import { oneLine, StudioError } from '../platform/errors/errors';
import type { InferenceDevice } from '../inference/device';

/** A model directory under test, in its inference child. */
export function deviceUnderTest(device: InferenceDevice, manifest: Manifest): ModelUnderTest {
  return {
    async run(request, { signal } = {}): Promise<TestOutput> {
      try {
        const prepared = prepareRequest(manifest, await inputOf(request));
        const result = await device.run(prepared, { signal });
        const latencyMs = result.timings.total ?? 0;
        if (result.kind === 'text') return { kind: 'text', text: result.text, latencyMs };
        const { width, height } = result.image;
        const bytes = await encodePng(result.image);
        return { kind: 'image', bytes, mediaType: 'image/png', width, height, latencyMs };
      } catch (error) {
        if (error instanceof CancelledError || error instanceof UnderTestError) throw error;
        if (isOfItem(error)) throw new UnderTestError('item', oneLine(error), { cause: error });
        const known = error instanceof RuntimeError || error instanceof StudioError;
        if (known) throw new UnderTestError('unavailable', oneLine(error), { cause: error });
        throw error;
      }
    },
    close: async () => undefined,
  };
}

/** Whether it says something of this one request: refused, undecodable, or the child died of it twice. */
const isOfItem = (error: unknown): boolean =>
  error instanceof RequestError ||
  (error instanceof RuntimeError && error.name === 'ImageError') ||
  (error instanceof RuntimeError && error.code === 'graph_failed') ||
  (error instanceof StudioError && error.code === 'INFERENCE_CRASHED');

async function inputOf(request: TestRequest): Promise<RequestInput> {
  if (request.task === 'generate') return request;
  if (request.task === 'edit') return { ...request, image: await decodeImage(Buffer.from(request.image)) };
  const { images, ...asked } = request;
  if (images.length > 1)
    throw new UnderTestError(
      'item',
      `The model accepts one image, and the question has ${images.length}. Use only the first (images: first).`,
    );
  const image = images[0] ? await decodeImage(Buffer.from(images[0])) : null;
  return { ...asked, image };
}

/** Outputs that were made elsewhere: what was not brought is not there. */
export const importedUnderTest: ModelUnderTest = {
  run: () => Promise.reject(new UnderTestError('item', 'No output was imported for this item.')),
  close: async () => undefined,
};
