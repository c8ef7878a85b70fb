import { parametersOf } from '../../../models/runtime/parameters';
import { modelInfo } from '../../demo/limits';
import type { GenerationView, SubmitInput } from '../../demo/schema';
import type { ActiveRevision } from '../../inference/registry';
import { linkTo } from '../../demo/sharing/picture-access';
import { check, withBody, type Body } from './body';
import type { ApiContext } from './context';
import { badField, toApiError } from './errors';
import { doneOrThrow, resultOf, startJobs, type Job, type Jobs } from './jobs';
import { modelNamed } from './models';
import { valuesIn } from './parameters';
import { encodedPicture, ownResultWith, pictureAt, receivePicture, type OutputFormat } from './pictures';
import { editRequest, generationRequest, type ImagesResponse, type PictureFields } from './schema';
import { sseResponse, type SseEvent } from './sse';

/** POST /images/generations */
export async function generateImages(ctx: ApiContext): Promise<Response> {
  const fields = await withBody(ctx.request, {}, (body) => check(generationRequest, body.fields));
  return pictures(ctx, 'image_generation', fields, { task: 'generate' });
}

/** POST /images/edits: a form with a file, or JSON with a URL of the picture. */
export async function editImages(ctx: ApiContext): Promise<Response> {
  const { asked, source } = await withBody(ctx.request, { form: true }, (body) => readEdit(ctx, body));
  const parentId = await ownResultWith(ctx, source.hash);
  return pictures(ctx, 'image_edit', asked, {
    task: 'edit',
    sourceHash: source.hash,
    parentId,
  });
}

/** What is asked for, and the picture, stored. */
async function readEdit(ctx: ApiContext, body: Body) {
  const { fields } = body;
  // A mask without a byte says nothing, and clients that have the field send it so.
  const files = body.files.filter(({ name, file }) => name !== 'mask' || file.size > 0);
  const mask = files.find(({ name }) => name === 'mask');
  const { image, images, ...asked } = check(editRequest, mask ? { ...fields, mask: '' } : fields);
  for (const { name } of files)
    if (name !== 'image' && name !== 'image[]')
      throw badField(
        name,
        `${name} is not a file field of this endpoint. Send the image as image.`,
        'unknown_parameter',
      );
  const urls = [...(image === undefined ? [] : [image]), ...(images ?? []).map((one) => one.image_url)];
  const count = files.length + urls.length;
  if (count === 0)
    throw badField('image', 'An edit needs an image. Send it as image.', 'missing_required_parameter');
  if (count > 1) throw badField('image', `The model edits one image at a time; ${count} were sent.`);
  await modelNamed(ctx.db, asked.model);
  const [file] = files;
  const source = file
    ? await receivePicture(ctx, new Uint8Array(await file.file.arrayBuffer()))
    : await pictureAt(ctx, urls[0] ?? '', 'image');
  return { asked, source };
}

type Source = Pick<SubmitInput, 'task' | 'sourceHash' | 'parentId'>;
type EventName = 'image_generation' | 'image_edit';

async function pictures(
  ctx: ApiContext,
  name: EventName,
  fields: PictureFields,
  source: Source,
): Promise<Response> {
  const revision = await modelNamed(ctx.db, fields.model);
  const inputs = inputsOf(revision, fields, source);
  if (fields.response_format === 'url' && fields.output_format !== 'png')
    throw badField(
      'output_format',
      'URLs are available only for PNG. Use response_format b64_json or output_format png.',
    );
  if (fields.stream && fields.n > 1) throw badField('n', 'Only one image can be streamed. Set n to 1.');
  if (fields.stream && fields.response_format === 'url')
    throw badField('response_format', 'Streams contain the images themselves. Use b64_json.');
  const jobs = await startJobs(ctx, inputs);
  if (fields.stream) return streamed(ctx, name, fields, jobs);
  try {
    const results = await Promise.all(jobs.list.map(resultOf));
    return Response.json(await answer(ctx, fields, results));
  } finally {
    await jobs.close();
  }
}

function inputsOf(revision: ActiveRevision, fields: PictureFields, source: Source): SubmitInput[] {
  const { prompt, n, size, language } = fields;
  const taken = parametersOf(source.task);
  const { seed, ...values } = valuesIn(fields, taken);
  const info = modelInfo(revision);
  for (const { key, api, needsGuidance } of taken)
    if (needsGuidance && !info.negativePrompt && String(values[key as 'negativePrompt'] ?? '').trim() !== '')
      throw badField(
        api?.name ?? key,
        'This model doesn’t support negative prompts.',
        'unsupported_parameter',
      );
  const { max } = info.parameters.seed;
  if (seed !== undefined && seed + n - 1 > max)
    throw badField('seed', `seed must be at most ${max}; image i uses seed + i.`);
  const [width, height] = size === 'auto' ? [] : size.split('x').map(Number);
  return Array.from({ length: n }, (_, i) => ({
    ...{ ...source, ...values, prompt, language, width, height },
    seed: seed === undefined ? undefined : seed + i,
  }));
}

const outputOf = (fields: PictureFields): OutputFormat => ({
  format: fields.output_format,
  compression: fields.output_compression,
});

const pictureOf = ({ picture, ...rest }: GenerationView) => {
  if (!picture) throw new Error(`the job ${rest.id} is done but has no image`);
  return picture;
};

async function answer(
  ctx: ApiContext,
  fields: PictureFields,
  results: GenerationView[],
): Promise<ImagesResponse> {
  const data = await Promise.all(
    results.map(async (generation) => {
      const { hash } = pictureOf(generation);
      const seed = Number(generation.parameters.seed);
      return fields.response_format === 'url'
        ? { url: new URL(linkTo(hash, ctx.visitorId, ctx.auth), ctx.site).href, seed }
        : { b64_json: await encodedPicture(ctx, hash, outputOf(fields)), seed };
    }),
  );
  const { width, height } = results[0] ? pictureOf(results[0]) : { width: 0, height: 0 };
  return {
    created: Math.floor(Date.now() / 1000),
    data,
    size: `${width}x${height}`,
    output_format: fields.output_format,
    background: 'opaque',
  };
}

function streamed(ctx: ApiContext, name: EventName, fields: PictureFields, jobs: Jobs): Response {
  const [job] = jobs.list;
  if (!job) throw new Error('a stream without a job');
  return sseResponse(pictureEvents(ctx, name, fields, job), {
    onClose: jobs.close,
    onError: (error) => ({ event: 'error', data: { type: 'error', ...toApiError(error).body } }),
  });
}

/** Previews, as evenly over the steps as the model gives them, then the picture. */
async function* pictureEvents(
  ctx: ApiContext,
  name: EventName,
  fields: PictureFields,
  job: Job,
): AsyncGenerator<SseEvent, void> {
  let steps = 0;
  let sent = 0;
  const common = () => ({
    created_at: Math.floor(Date.now() / 1000),
    output_format: fields.output_format,
    quality: fields.quality ?? 'auto',
    background: 'opaque',
  });
  for await (const event of job.events()) {
    if (event.type === 'step') steps = event.steps;
    if (event.type === 'preview') {
      const isDue = event.step >= ((sent + 1) * steps) / (fields.partial_images + 1);
      if (sent >= fields.partial_images || !isDue) continue;
      const { hash, width, height } = event.picture;
      const b64_json = await encodedPicture(ctx, hash, outputOf(fields));
      const type = `${name}.partial_image`;
      yield {
        event: type,
        data: { type, b64_json, partial_image_index: sent++, size: `${width}x${height}`, ...common() },
      };
    }
    if (event.type === 'end') {
      const { hash, width, height } = pictureOf(doneOrThrow(event.generation));
      const b64_json = await encodedPicture(ctx, hash, outputOf(fields));
      const type = `${name}.completed`;
      const seed = Number(event.generation.parameters.seed);
      yield { event: type, data: { type, b64_json, seed, size: `${width}x${height}`, ...common() } };
    }
  }
}
