import { Template } from '@huggingface/jinja';
import type { Manifest } from '../manifest';
import type { Language, Task } from '../types';
import type { TextTokenizer } from './tokenizer';

/** Stands in a template where the picture's tokens go. */
const imageMark = '<image>';

/**
 * Builds the whole prompt as token ids: task template, chat template, picture placeholders. Only templates can
 * hold `<image>`: in what a person wrote it is plain text.
 */
export class PromptBuilder {
  private readonly template: Template;

  constructor(
    private readonly manifest: Manifest,
    private readonly tokenizer: TextTokenizer,
  ) {
    this.template = new Template(manifest.chat_template);
  }

  /**
   * @param imageTokens merged tokens of the picture, null without one
   * @throws RequestError `prompt_unusable`
   */
  encode(task: Task, prompt: string, language: Language, imageTokens: number | null): number[] {
    return this.tokenizer.encode(this.render(task, prompt, language, imageTokens));
  }

  render(task: Task, prompt: string, language: Language, imageTokens: number | null): string {
    const { system, templates } = this.manifest;
    let template = templates[task][language];
    if (imageTokens === null) template = template.replaceAll(imageMark, '');
    else if (!template.includes(imageMark)) template = `${imageMark} ${template}`;
    const { boi, eoi, image_pad } = this.manifest.token_strings;
    const picture = boi + image_pad.repeat(imageTokens ?? 0) + eoi;
    const words = this.tokenizer.userText(prompt);
    const content = template
      .split('{}')
      .map((part) => part.replaceAll(imageMark, () => picture))
      .join(words);
    const messages = [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      { role: 'user', content },
    ];
    return this.template.render({ messages, add_generation_prompt: true });
  }
}
