/** Answers requests on the CPU and on another device, and tells how far the images are from one another: `compare-devices.ts DIR DEVICE`. */
import { loadModel } from '../../models/runtime/model';
import { testImage } from '../../models/runtime/testing/tiny';
import type { Device, InferenceRequest } from '../../models/runtime/types';

const [dir = '', device = 'webgpu'] = process.argv.slice(2);
const size = { width: 64, height: 64 };
const common = { steps: 2, guidance: 1, seed: 1, language: 'en' } as const;
const requests: InferenceRequest[] = [
  { task: 'generate', prompt: 'two red apples', ...size, ...common },
  { task: 'edit', prompt: 'make it green', image: testImage(96, 64), decoder: 'editing', ...size, ...common },
  { task: 'understand', prompt: 'how many?', image: testImage(96, 64), maxNewTokens: 6, language: 'en' },
];
const [cpu, other] = await Promise.all(
  (['cpu', device] as Device[]).map((one) => loadModel(dir, { device: one, sessions: 'needed' })),
);
for (const request of requests) {
  const [expected, found] = [await cpu!.run(request), await other!.run(request)];
  if (expected.kind === 'image' && found.kind === 'image') {
    const differences = expected.image.data.map((value, i) => Math.abs(value - found.image.data[i]!));
    const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length / 255;
    console.log(`${request.task} ${Math.max(...differences)} ${mean}`);
  } else if (expected.kind === 'text' && found.kind === 'text')
    console.log(`${request.task} ${expected.text === found.text ? 0 : 255} 0`);
}
