import type { InferenceModel, RgbImage } from '../runtime';
import { ask, QUESTION_KINDS } from '../scenes/questions';
import { CAPTION_KINDS, type CaptionKind } from '../scenes/captions';
import type { Language } from '../scenes/language';
import { polish } from '../scenes/polish';
import { Random } from '../scenes/random';
import { renderScene } from '../scenes/render';
import { editSample, HELD_OUT_SEED, polishSample, captionSample } from '../scenes/samples';
import type { Scene } from '../scenes/scene';
import { answer, editRequest, generate, meanError, picture, verdictOf, type Share } from './measure';

/** What nano can do beyond its templates, each on seeds and phrasings that training never showed. */

/**
 * Right pictures of captions in phrasings that training never showed, or, of the kind `long`, of captions with places
 * in the templates' words.
 */
export async function phrasedCaptions(
  model: InferenceModel,
  language: Language,
  n: number,
  what: 'held-out' | 'long',
) {
  const wrong: string[] = [];
  for (let i = 0; i < n; i++) {
    const kind: CaptionKind = what === 'long' ? 'long' : CAPTION_KINDS[i % CAPTION_KINDS.length]!;
    const wording = what === 'long' ? 'template' : 'held-out';
    const { caption, scene } = captionSample('test', HELD_OUT_SEED, i, { language, kind, wording });
    const v = await verdictOf(await picture(model, generate(model, caption, language, i)), scene);
    if (!v.right) wrong.push(`${caption}: ${v.reason}`);
  }
  return { right: n - wrong.length, n, wrong };
}

/** Mean absolute errors of an edit and of its reverse, which is made of the edit's result, not of its target. */
export interface ReverseFigures {
  n: number;
  /** Of the edited picture to the target. */
  forward: number;
  /** Of the picture after both to the source. */
  restored: number;
}

/** An edit, and its reverse on what came of it: two turns of a conversation. */
export async function reverseEdits(
  model: InferenceModel,
  language: Language,
  n: number,
): Promise<ReverseFigures> {
  const sums = { forward: 0, restored: 0 };
  for (let i = 0; i < n; i++) {
    const sample = editSample('test', HELD_OUT_SEED, i, { language });
    const source = (await renderScene(sample.source)).picture;
    const target = (await renderScene(sample.target)).picture;
    const made = await picture(model, editRequest(model, 'editing', sample.instruction, source, i, language));
    const back = await picture(model, editRequest(model, 'editing', sample.reverse, made, i, language));
    sums.forward += meanError(made.data, target.data);
    sums.restored += meanError(back.data, source.data);
  }
  return { n, forward: sums.forward / n, restored: sums.restored / n };
}

/** Questions about pictures that the model itself has just made: of a caption, and of an edit. */
export async function questionsOfResults(model: InferenceModel, language: Language, n: number) {
  const shares: Record<'generated' | 'edited', Share> = {
    generated: { right: 0, n: 0 },
    edited: { right: 0, n: 0 },
  };
  const check = async (of: keyof typeof shares, image: RgbImage, scene: Scene, index: number) => {
    const random = new Random(HELD_OUT_SEED, index);
    const kind = QUESTION_KINDS[index % QUESTION_KINDS.length]!;
    const q = ask(scene, kind, language, random) ?? ask(scene, 'what', language, random)!;
    shares[of].n++;
    if ((await answer(model, q.question, image, language)) === q.answer) shares[of].right++;
  };
  for (let i = 0; i < n; i++) {
    const { caption, scene } = captionSample('test', HELD_OUT_SEED, i, { language, wording: 'template' });
    await check('generated', await picture(model, generate(model, caption, language, i)), scene, i);
    const { source, target, instruction } = editSample('test', HELD_OUT_SEED, i, { language });
    const before = (await renderScene(source)).picture;
    const made = await picture(model, editRequest(model, 'editing', instruction, before, i, language));
    await check('edited', made, target, i);
  }
  return shares;
}

export interface PolishFigures {
  /** Long captions that the model itself writes, exactly. */
  model: Share;
  /** Right pictures of the short prompt, of what the rules make of it, and of what the model makes of it. */
  short: Share;
  byRules: Share;
  byModel: Share;
}

/** The words that nano was trained to answer by a longer prompt (models/training/text.py). */
const ASKS_FOR_MORE: Record<Language, string> = { en: 'expand the prompt: {}', zh: '扩写提示词：{}' };

/** Short prompts in held-out phrasings, and what polishing them is worth. */
export async function polishing(
  model: InferenceModel,
  language: Language,
  n: number,
): Promise<PolishFigures & { wrong: string[] }> {
  const wrong: string[] = [];
  const none = () => ({ right: 0, n });
  const figures: PolishFigures = { model: none(), short: none(), byRules: none(), byModel: none() };
  for (let i = 0; i < n; i++) {
    const { prompt, polished, scene } = polishSample('test', HELD_OUT_SEED, i, {
      language,
      wording: 'held-out',
    });
    const said = await answer(
      model,
      ASKS_FOR_MORE[language].replace('{}', () => prompt),
      null,
      language,
    );
    if (said === polished) figures.model.right++;
    else wrong.push(`${prompt} → ${said}`);
    const prompts = { short: prompt, byRules: polish(prompt, language), byModel: said || prompt };
    for (const [name, text] of Object.entries(prompts) as ['short' | 'byRules' | 'byModel', string][]) {
      const v = await verdictOf(await picture(model, generate(model, text, language, i)), scene);
      if (v.right) figures[name].right++;
    }
  }
  return { ...figures, wrong };
}

export interface SizeFigures extends Share {
  width: number;
  height: number;
}

export const REPORTED_SIZES = [
  [128, 128],
  [256, 384],
  [384, 256],
  [512, 288],
  [512, 512],
] as const;

/** Right pictures in other sizes and ratios, in both languages in turn. */
export async function sizes(model: InferenceModel, n: number): Promise<SizeFigures[]> {
  const found: SizeFigures[] = [];
  for (const [width, height] of REPORTED_SIZES) {
    let right = 0;
    for (let i = 0; i < n; i++) {
      const language = i % 2 === 0 ? 'en' : 'zh';
      const { caption, scene } = captionSample('test', HELD_OUT_SEED, i, { language, wording: 'template' });
      const request = { ...generate(model, caption, language, i), width, height };
      if ((await verdictOf(await picture(model, request), scene)).right) right++;
    }
    found.push({ width, height, right, n });
  }
  return found;
}

/** Pictures of one setting of the sampler, from the same prompts and noise as those of the other settings. */
export interface SamplingFigures extends Share {
  /** Mean absolute error to the scene's own picture, in [0, 1]. */
  error: number;
  /** Neighbouring pixels' mean absolute difference, as a share of the scene's own picture's: above 1 is grain, below blur. */
  roughness: number;
  /** Median seconds of a picture, and of its denoising alone. */
  seconds: number;
  denoising: number;
}
export type StepFigures = SamplingFigures & { steps: number };
export type GuidanceFigures = SamplingFigures & { guidance: number };

export const REPORTED_STEPS = [1, 2, 3, 4, 6, 8, 12, 24, 50] as const;
export const REPORTED_GUIDANCE = [1, 1.5, 2, 3, 4, 6, 8] as const;

async function sampled(
  model: InferenceModel,
  n: number,
  setting: { steps?: number; guidance?: number },
): Promise<SamplingFigures> {
  const sums = { right: 0, error: 0, roughness: 0 };
  const seconds: number[] = [];
  const denoising: number[] = [];
  for (let i = 0; i < n; i++) {
    const language = i % 2 === 0 ? 'en' : 'zh';
    const { caption, scene } = captionSample('test', HELD_OUT_SEED, i, { language, wording: 'template' });
    const result = await model.run({ ...generate(model, caption, language, i), ...setting });
    if (result.kind !== 'image') throw new Error('the model answered a caption with text');
    seconds.push((result.timings.total ?? 0) / 1000);
    denoising.push((result.timings.denoise ?? 0) / 1000);
    const { picture: wanted } = await renderScene(scene, result.image.width, result.image.height);
    sums.error += meanError(result.image.data, wanted.data);
    sums.roughness += roughnessOf(result.image) / roughnessOf(wanted);
    if ((await verdictOf(result.image, scene)).right) sums.right++;
  }
  const { right, error, roughness } = sums;
  return {
    ...{ right, n, error: error / n, roughness: roughness / n },
    ...{ seconds: median(seconds), denoising: median(denoising) },
  };
}

/** What fewer steps cost. */
export async function steps(model: InferenceModel, n: number): Promise<StepFigures[]> {
  const found: StepFigures[] = [];
  for (const count of REPORTED_STEPS)
    found.push({ steps: count, ...(await sampled(model, n, { steps: count })) });
  return found;
}

/** What guidance is worth; 1 is none. */
export async function guidance(model: InferenceModel, n: number): Promise<GuidanceFigures[]> {
  const found: GuidanceFigures[] = [];
  for (const scale of REPORTED_GUIDANCE)
    found.push({ guidance: scale, ...(await sampled(model, n, { guidance: scale })) });
  return found;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Mean absolute difference of a pixel to its right neighbour, over all channels. */
function roughnessOf({ width, height, data }: RgbImage): number {
  let sum = 0;
  for (let y = 0; y < height; y++)
    for (let i = y * width * 3; i < ((y + 1) * width - 1) * 3; i++) sum += Math.abs(data[i]! - data[i + 3]!);
  return sum / (width * height * 3);
}
