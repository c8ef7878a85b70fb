import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { ModelError, RequestError } from '../errors';
import type { LoadedManifest } from '../manifest';

/** Text to token ids and back, and the guard that keeps control tokens out of what people write. */
export interface TextTokenizer {
  /** No token is added; strings of special tokens become those tokens. */
  encode(text: string): number[];
  /** Special tokens are left out. */
  decode(ids: readonly number[]): string;
  /**
   * What a person wrote, without any string that the tokenizer would read as a special token.
   * @throws RequestError `prompt_unusable` when nothing is left.
   */
  userText(text: string): string;
}

/**
 * Reads a Hugging Face tokenizer.json.
 * @throws ModelError `manifest_invalid` when it is none
 */
export async function readTokenizer(path: string): Promise<Tokenizer> {
  try {
    return new Tokenizer(JSON.parse(await readFile(path, 'utf8')) as object, {});
  } catch (cause) {
    throw new ModelError(
      'manifest_invalid',
      `${path} cannot be read as a tokenizer. Export the model again.`,
      { cause },
    );
  }
}

/** @throws ModelError `manifest_invalid` when tokenizer.json cannot be used with the manifest. */
export async function loadTokenizer(model: LoadedManifest): Promise<TextTokenizer> {
  const path = join(model.dir, 'tokenizer.json');
  const tokenizer = await readTokenizer(path);
  const { token_strings: strings, tokens } = model.manifest;
  for (const name of ['boi', 'eoi', 'image_pad', 'eos'] as const)
    if (tokenizer.token_to_id(strings[name]) !== tokens[name])
      throw new ModelError(
        'manifest_invalid',
        `${path}: the token ${strings[name]} is not number ${tokens[name]}, as the manifest says. Export the model again.`,
      );
  return fromTokenizer(tokenizer, Object.values(strings));
}

function fromTokenizer(tokenizer: Tokenizer, controlStrings: readonly string[]): TextTokenizer {
  const special = [...tokenizer.get_added_tokens_decoder().values()].filter((token) => token.special);
  const ids = new Set(special.map((token) => token.id));
  const strings = [...new Set([...special.map((token) => token.content), ...controlStrings])]
    .filter((string) => string !== '')
    .sort((a, b) => b.length - a.length);
  const pattern = new RegExp(strings.map(escapeForRegExp).join('|'), 'giu');
  const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;
  return {
    encode,
    decode: (tokens) =>
      // The library refuses an empty list.
      tokens.length === 0
        ? ''
        : tokenizer.decode([...tokens], { skip_special_tokens: true, clean_up_tokenization_spaces: false }),
    userText: (text) => {
      let clean = text;
      // Taking one out can put another together: repeat until nothing changes.
      for (let before = ''; before !== clean;) {
        before = clean;
        clean = clean.replace(pattern, '');
      }
      clean = clean.trim();
      // A normaliser can still turn look-alikes into a control token; what it makes of the text decides.
      if (clean === '' || encode(clean).some((id) => ids.has(id)))
        throw new RequestError(
          'prompt_unusable',
          'prompt',
          "The prompt consists only of the model's control tokens. Describe what you want in plain words.",
        );
      return clean;
    },
  };
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
