import sharp from 'sharp';

import type { InferenceModel, InferenceRequest, RgbImage } from '../runtime';
import type { CaptionKind } from '../scenes/captions';
import type { EditKind } from '../scenes/edits';
import type { Language } from '../scenes/language';
import type { QuestionKind } from '../scenes/questions';
import { renderScene } from '../scenes/render';
import { editSample, HELD_OUT_SEED, questionSample } from '../scenes/samples';
import type { Decoder } from '../runtime';
import type { Scene } from '../scenes/scene';
import type { Wording } from '../scenes/wording';
import { heldOutPrompts, type Prompt } from './prompts';
import { judge, SMALL_SIDE, type Verdict } from './recognise';

/** Right answers out of n. */
export interface Share {
  right: number;
  n: number;
}

export async function picture(model: InferenceModel, request: InferenceRequest): Promise<RgbImage> {
  const result = await model.run(request);
  if (result.kind !== 'image') throw new Error(`the model answered ${request.task} with text`);
  return result.image;
}

/** A generation request with the manifest's defaults. */
export function generate(
  model: InferenceModel,
  text: string,
  language: Language,
  seed: number,
): Extract<InferenceRequest, { task: 'generate' }> {
  const { width, height, steps, guidance_generation } = model.manifest.parameters;
  return {
    task: 'generate',
    prompt: text,
    width: width.default,
    height: height.default,
    steps: steps.default,
    guidance: guidance_generation.default,
    seed,
    language,
  };
}

/** What the model says to a question about a picture, or without one. */
export async function answer(
  model: InferenceModel,
  prompt: string,
  image: RgbImage | null,
  language: Language,
): Promise<string> {
  const result = await model.run({ task: 'understand', prompt, image, maxNewTokens: 64, language });
  return result.kind === 'text' ? result.text.trim() : '';
}

/** An edit request with the manifest's defaults. */
export function editRequest(
  model: InferenceModel,
  decoder: Decoder,
  prompt: string,
  image: RgbImage,
  seed: number,
  language: Language,
): InferenceRequest {
  const { steps, guidance_generation, guidance_editing } = model.manifest.parameters;
  const guidance = (decoder === 'editing' ? guidance_editing : guidance_generation).default;
  return { task: 'edit', prompt, image, decoder, steps: steps.default, guidance, seed, language };
}

export const REPORTED_QUESTIONS = ['what', 'colour', 'how many', 'where'] as const satisfies QuestionKind[];

/** Exact answers to n held-out questions about pictures of 256 × 256, their kinds in turn; in the templates' words by default. */
export async function questions(
  model: InferenceModel,
  kinds: readonly QuestionKind[],
  language: Language,
  n: number,
  wording?: Wording,
): Promise<Share & { wrong: string[] }> {
  const wrong: string[] = [];
  let asked = 0;
  for (let i = 0; asked < n; i++) {
    const kind = kinds[asked % kinds.length]!;
    const sample = questionSample('test', HELD_OUT_SEED, i, 1, { kind, language, wording });
    const q = sample.questions[0];
    if (!q) continue;
    asked++;
    const image = (await renderScene(sample.scene)).picture;
    const said = await answer(model, q.question, image, language);
    if (said !== q.answer) wrong.push(`${q.question} ${q.answer} / ${said}`);
  }
  return { right: n - wrong.length, n, wrong };
}

export const verdict = (image: RgbImage, { scene }: Prompt): Promise<Verdict> => verdictOf(image, scene);

/** Judges the square in the middle of a picture, where the scene is. */
export async function verdictOf(image: RgbImage, scene: Scene): Promise<Verdict> {
  const side = Math.min(image.width, image.height);
  const left = Math.floor((image.width - side) / 2);
  const top = Math.floor((image.height - side) / 2);
  const data = await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
    .extract({ left, top, width: side, height: side })
    .resize(SMALL_SIDE, SMALL_SIDE, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return judge({ data }, scene);
}

/** Pictures from held-out GenEval-worded prompts that are right by template recognition. */
export async function generation(
  model: InferenceModel,
  category: CaptionKind,
  language: Language,
  n: number,
): Promise<Share & { wrong: string[] }> {
  const wrong: string[] = [];
  for (const [i, prompt] of heldOutPrompts(category, n, HELD_OUT_SEED, language).entries()) {
    const v = await verdict(await picture(model, generate(model, prompt.text, language, i)), prompt);
    if (!v.right) wrong.push(`${prompt.text}: ${v.reason}`);
  }
  return { right: n - wrong.length, n, wrong };
}

/** Right: the edited picture shows the target, by template. */
export interface EditFigures extends Share {
  /** Mean absolute error to the target picture, in [0, 1]. */
  error: number;
  /** The same over the pixels that the edit leaves alone. */
  errorLeftAlone: number;
  /** What leaving the source as it is would give: the floor that an edit must beat. */
  errorOfSource: number;
}

/** Held-out edits of pictures of 256 × 256 on the ground that the scene has; in the templates' words by default. */
export async function editing(
  model: InferenceModel,
  decoder: Decoder,
  language: Language,
  n: number,
  options: { kind?: EditKind; wording?: Wording } = {},
): Promise<EditFigures> {
  const sums = { error: 0, errorLeftAlone: 0, errorOfSource: 0 };
  let right = 0;
  for (let i = 0; i < n; i++) {
    const sample = editSample('test', HELD_OUT_SEED, i, { language, ...options });
    const source = (await renderScene(sample.source)).picture;
    const target = (await renderScene(sample.target)).picture;
    const made = await picture(model, editRequest(model, decoder, sample.instruction, source, i, language));
    const alone = leftAlone(source.data, target.data);
    sums.error += meanError(made.data, target.data);
    sums.errorLeftAlone += meanError(made.data, target.data, alone);
    sums.errorOfSource += meanError(source.data, target.data);
    if ((await verdictOf(made, sample.target)).right) right++;
  }
  return {
    right,
    n,
    error: sums.error / n,
    errorLeftAlone: sums.errorLeftAlone / n,
    errorOfSource: sums.errorOfSource / n,
  };
}

/** Pixels equal in source and target. */
function leftAlone(a: Uint8Array, b: Uint8Array): (pixel: number) => boolean {
  return (p) => a[p * 3] === b[p * 3] && a[p * 3 + 1] === b[p * 3 + 1] && a[p * 3 + 2] === b[p * 3 + 2];
}

export function meanError(
  a: Uint8Array,
  b: Uint8Array,
  counts: (pixel: number) => boolean = () => true,
): number {
  let sum = 0;
  let n = 0;
  for (let p = 0; p < a.length / 3; p++) {
    if (!counts(p)) continue;
    n += 3;
    for (let c = 0; c < 3; c++) sum += Math.abs(a[p * 3 + c]! - b[p * 3 + c]!);
  }
  return n === 0 ? 0 : sum / n / 255;
}
