import type { Language, Task } from '@/server/demo/schema';

export interface Example {
  task: Task;
  language: Language;
  prompt: string;
  /** A picture of this site, with the words that describe it. */
  picture?: { url: string; alt: string };
}

const apples = { url: '/examples/two-red-apples.png', alt: 'Two red apples' };
const bananas = { url: '/examples/three-bananas.png', alt: 'Three bananas' };

export const examples: readonly Example[] = [
  { task: 'generate', language: 'en', prompt: 'a photo of two red apples' },
  { task: 'edit', language: 'en', prompt: 'make the apples green', picture: apples },
  { task: 'understand', language: 'en', prompt: 'how many apples are there?', picture: apples },
  { task: 'generate', language: 'en', prompt: 'a photo of a dog left of a cat' },
  { task: 'generate', language: 'zh', prompt: '一张两个红色的苹果的照片' },
  { task: 'edit', language: 'zh', prompt: '把香蕉变成紫色', picture: bananas },
  { task: 'understand', language: 'zh', prompt: '图中有几根香蕉？', picture: bananas },
  { task: 'generate', language: 'en', prompt: 'a photo of a purple car and a yellow umbrella' },
];
