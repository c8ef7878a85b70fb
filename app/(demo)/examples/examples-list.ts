import type { Language, Task } from '@/server/demo/schema';
import { sitePath } from '../../../server/platform/env/site-path';

/** A picture of this site; `alt` is a key of `demo.examples.alt`. */
interface SourceImage {
  url: string;
  alt: 'apples' | 'bananas';
}

/** A request with what the model made of it, once: nothing runs to show it. */
export interface Example {
  id: string;
  task: Task;
  language: Language;
  prompt: string;
  /** The picture that it edits or asks about. */
  source?: SourceImage;
  /** What was set; everything else is nano's default. */
  parameters: { seed?: number; steps?: number; guidance?: number };
  result: { picture: string } | { answer: string };
}

const apples: SourceImage = { url: sitePath('/examples/two-red-apples.png'), alt: 'apples' };
const bananas: SourceImage = { url: sitePath('/examples/three-bananas.png'), alt: 'bananas' };
const drawn = { seed: 1, steps: 4, guidance: 1 };
const picture = (name: string) => ({ picture: sitePath(`/examples/result-${name}.webp`) });

/** The model that made the examples. */
export const examplesBy = { name: 'nexus-gen-nano', version: '0.3.0' };

/**
 * Made as `npx studio generate|edit|ask` makes them again with the same seed; pictures
 * are kept as WebP.
 */
export const examples: readonly Example[] = [
  {
    id: 'apples',
    task: 'generate',
    language: 'en',
    prompt: 'a photo of two red apples',
    parameters: drawn,
    result: picture('two-red-apples'),
  },
  {
    id: 'green-apples',
    task: 'edit',
    language: 'en',
    prompt: 'make the apples green',
    source: apples,
    parameters: drawn,
    result: picture('green-apples'),
  },
  {
    id: 'count-apples',
    task: 'understand',
    language: 'en',
    prompt: 'how many apples are there?',
    source: apples,
    parameters: {},
    result: { answer: 'two' },
  },
  {
    id: 'dog-cat',
    task: 'generate',
    language: 'en',
    prompt: 'a photo of a dog left of a cat',
    parameters: drawn,
    result: picture('dog-left-of-cat'),
  },
  {
    id: 'purple-bananas',
    task: 'edit',
    language: 'zh',
    prompt: '把香蕉变成紫色',
    source: bananas,
    parameters: drawn,
    result: picture('purple-bananas'),
  },
  {
    id: 'count-bananas',
    task: 'understand',
    language: 'zh',
    prompt: '图中有几根香蕉？',
    source: bananas,
    parameters: {},
    result: { answer: '三根' },
  },
  {
    id: 'clocks',
    task: 'generate',
    language: 'zh',
    prompt: '一张三个蓝色的时钟的照片',
    parameters: drawn,
    result: picture('three-blue-clocks'),
  },
  {
    id: 'places',
    task: 'generate',
    language: 'en',
    prompt:
      'a photo of a red car at the top left, a green bird at the top right, a pizza at the bottom left and a blue umbrella at the bottom right',
    parameters: drawn,
    result: picture('four-places'),
  },
  {
    id: 'two-edits',
    task: 'edit',
    language: 'en',
    prompt: 'turn the bananas into carrots and make them red',
    source: bananas,
    parameters: drawn,
    result: picture('red-carrots'),
  },
  {
    id: 'umbrellas',
    task: 'generate',
    language: 'en',
    prompt: 'could you draw two purple umbrellas for me?',
    parameters: drawn,
    result: picture('two-purple-umbrellas'),
  },
  {
    id: 'flat-style',
    task: 'generate',
    language: 'en',
    prompt: 'a photo of a giraffe and a clock, in a flat style',
    parameters: drawn,
    result: picture('flat-giraffe'),
  },
  {
    id: 'what',
    task: 'understand',
    language: 'en',
    prompt: 'what do you see in this picture?',
    source: bananas,
    parameters: {},
    result: { answer: 'three bananas' },
  },
];
