/**
 * An inference child without a model: what it does stands in the prompt, e.g. "steps=5 delay=20 crash-at=3".
 * `crash-once=FILE` dies at its second step unless FILE exists, and makes it. STUB_DELAY_MS in the environment makes
 * every request take so much longer.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError, ModelError } from '../../models/runtime/errors';
import { manifestSchema } from '../../models/runtime/manifest';
import type { InferenceRequest, Reconstruction, RgbImage, RunOptions } from '../../models/runtime/types';
import type { ChildArguments, ChildRequest, ChildResult } from '../../server/inference/protocol';
import { serve } from '../../server/inference/serve';
import { tinyModel } from './paths';

const picture = (width: number, height: number, shade: number): RgbImage => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(shade % 256),
});

/** Another shade for another prompt or seed, so that mixed up outputs are seen. */
const shadeOf = ({ prompt, ...rest }: InferenceRequest): number =>
  [...prompt].reduce((sum, char) => (sum * 31 + char.codePointAt(0)!) % 9973, 'seed' in rest ? rest.seed : 0);

/** The error is how dark the first value of the picture is; a picture 13 pixels wide cannot be drawn again. */
function reconstruction(image: RgbImage): Reconstruction {
  if (image.width === 13) throw new ModelError('graph_failed', 'The graph vision_encoder failed.');
  const error = 1 - image.data[0]! / 255;
  return { kind: 'reconstruction', image, error, timings: { total: 1 } };
}

const delayMs = Number(process.env.STUB_DELAY_MS ?? 0);

await serve<ChildArguments, ChildRequest, ChildResult>(async ({ modelDir }) => {
  const text = readFileSync(path.join(modelDir, 'manifest.json'), 'utf8');
  const manifest = manifestSchema.parse(JSON.parse(text));
  return {
    manifest,
    // Another directory than the tests' own is another model.
    hash: modelDir === tinyModel ? 'a'.repeat(64) : createHash('sha256').update(text).digest('hex'),
    async run(
      request: ChildRequest,
      { onEvent, signal, previewEvery = 0 }: RunOptions,
    ): Promise<ChildResult> {
      if (request.task === 'reconstruct') return reconstruction(request.image);
      const order = Object.fromEntries(
        request.prompt.split(' ').map((word) => word.split('=') as [string, string]),
      );
      const steps = Number(order.steps ?? 3);
      if (delayMs > 0) await wait(delayMs);
      for (let step = 1; step <= steps; step++) {
        if (signal?.aborted) throw new CancelledError();
        if (order.delay) await wait(Number(order.delay));
        if (order['crash-at'] && step === Number(order['crash-at'])) process.kill(process.pid, 'SIGKILL');
        const once = order['crash-once'];
        if (once && step === 2 && !existsSync(once)) {
          writeFileSync(once, '');
          process.kill(process.pid, 'SIGKILL');
        }
        if (request.task === 'understand') onEvent?.({ type: 'token', text: `word${step} ` });
        else {
          onEvent?.({ type: 'step', step, steps });
          if (previewEvery && step % previewEvery === 0)
            onEvent?.({ type: 'preview', step, image: picture(8, 8, step) });
        }
        await new Promise(setImmediate);
      }
      const timings = { denoise: 1 };
      if (request.task !== 'understand')
        return { kind: 'image', image: picture(16, 16, Number(order.shade ?? shadeOf(request))), timings };
      const text = Array.from({ length: steps }, (_, i) => `word${i + 1} `).join('');
      return { kind: 'text', text, tokens: steps, promptTokens: 7, timings };
    },
  };
});
