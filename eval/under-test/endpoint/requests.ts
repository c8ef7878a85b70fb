/** What is asked, as the protocol says it. */
import { FormData } from 'undici';
import { messageOf } from '../../../models/runtime/errors';
import { inspectImage } from '../../../models/runtime/image/decode';
import { leadersFirst, parametersOf, valuesOf } from '../../../models/runtime/parameters';
import { UnderTestError, type TestRequest } from '../types';
import type { ReadySettings } from './settings';

/** Where an endpoint takes them, one question has one answer. */
export const understandDefaults = { temperature: 0, seed: 42 } as const;

export interface Call {
  route: 'images/generations' | 'images/edits' | 'chat/completions';
  /** A string is JSON. */
  body: string | FormData;
}

type Drawing = Exclude<TestRequest, { task: 'understand' }>;
type Fields = Record<string, unknown>;

/** @throws UnderTestError for a request that the protocol cannot say */
export async function callOf(request: TestRequest, settings: ReadySettings): Promise<Call> {
  switch (request.task) {
    case 'generate':
      return { route: 'images/generations', body: JSON.stringify(drawing(request, settings)) };
    case 'edit': {
      const form = new FormData();
      for (const [name, value] of Object.entries(drawing(request, settings)))
        form.append(
          name,
          typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean),
        );
      const format = await formatOf(request.image);
      const blob = new Blob([request.image as Uint8Array<ArrayBuffer>], { type: `image/${format}` });
      form.append('image', blob, `image.${format}`);
      return { route: 'images/edits', body: form };
    }
    case 'understand':
      return { route: 'chat/completions', body: JSON.stringify(await question(request, settings)) };
  }
}

function drawing(request: Drawing, settings: ReadySettings): Fields {
  const { model, size, parameters } = settings;
  const { task, prompt } = request;
  const fields = { model, prompt, n: 1, size: sizeOf(request, size), ...named(request, settings) };
  return present({ ...fields, ...parameters[task] });
}

/** The parameters of a request by the names that the endpoint has for them. */
function named(request: TestRequest, { names }: ReadySettings): Fields {
  const asked = valuesOf(request, parametersOf(request.task));
  const fields: Fields = {};
  for (const { key, endpoint } of leadersFirst(parametersOf(request.task))) {
    if (!endpoint || asked[key] === undefined) continue;
    const name = names[endpoint.setting as keyof typeof names];
    // Left out in silence, the results would pass for those of what was asked for.
    if (!name)
      throw new UnderTestError(
        'unavailable',
        `The endpoint doesn’t support choosing a ${key}. Leave ${key} out.`,
      );
    fields[name] = asked[key];
  }
  return fields;
}

async function question(
  request: Extract<TestRequest, { task: 'understand' }>,
  settings: ReadySettings,
): Promise<Fields> {
  const { prompt, images } = request;
  const { model, parameters } = settings;
  const pictures: Fields[] = [];
  for (const image of images) {
    const data = Buffer.from(image.buffer, image.byteOffset, image.byteLength).toString('base64');
    const url = `data:image/${await formatOf(image)};base64,${data}`;
    pictures.push({ type: 'image_url', image_url: { url } });
  }
  const content = pictures.length ? [...pictures, { type: 'text', text: prompt }] : prompt;
  return present({
    model,
    messages: [{ role: 'user', content }],
    ...named(request, settings),
    ...understandDefaults,
    ...parameters.understand,
  });
}

/** @throws UnderTestError `item` where only one side is given, which the protocol cannot say */
function sizeOf({ width, height }: Drawing, size: ReadySettings['size']): string | undefined {
  if (size === 'omit') return undefined;
  if (width === undefined && height === undefined) return undefined;
  if (width === undefined || height === undefined)
    throw new UnderTestError('item', 'Endpoints take width and height together. Specify both or neither.');
  return size === 'asked' ? `${width}x${height}` : closestSize(width, height, size);
}

/** The closest in shape, then in area; the first of equals. */
export function closestSize(width: number, height: number, sizes: readonly string[]): string | undefined {
  const far = (size: string) => {
    const [w = 1, h = 1] = size.split('x').map(Number);
    // Rounded, because 1024/1536 and 512/768 are one shape but not one floating-point number's logarithm.
    const shape = Math.round(Math.abs(Math.log((w * height) / (h * width))) * 1e6);
    return { size, shape, area: Math.abs(Math.log((w * h) / (width * height))) };
  };
  return sizes.map(far).sort((a, b) => a.shape - b.shape || a.area - b.area)[0]?.size;
}

async function formatOf(image: Uint8Array): Promise<string> {
  try {
    return (await inspectImage(image)).format;
  } catch (error) {
    throw new UnderTestError('item', `The image to send can’t be used: ${messageOf(error)}`);
  }
}

function present(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}
