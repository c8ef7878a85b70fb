/** Entry of an inference child: serves the model runtime. Started by device.ts, one process a device. */
import type { ChildArguments } from './protocol';
import { serve } from './serve';

await serve(async ({ modelDir, device }: ChildArguments) => {
  const { loadModel } = await import('../../models/runtime/index');
  return loadModel(modelDir, { device });
});
