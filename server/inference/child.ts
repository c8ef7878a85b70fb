/** Entry of an inference child: serves the model runtime. Started by device.ts, one process a device. */
import type { ChildArguments, ChildRequest, ChildResult } from './protocol';
import { serve } from './serve';

await serve<ChildArguments, ChildRequest, ChildResult>(async ({ modelDir, device, memory }, send) => {
  const { loadModel } = await import('../../models/runtime/index');
  const model = await loadModel(modelDir, {
    device,
    memory,
    onGraphs: (graphs) => send({ type: 'graphs', graphs }),
  });
  return {
    manifest: model.manifest,
    hash: model.hash,
    run: (request, options) =>
      request.task === 'reconstruct'
        ? model.reconstruct(request.image, options)
        : model.run(request, options),
  };
});
