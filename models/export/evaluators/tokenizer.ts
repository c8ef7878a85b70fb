import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { readJson } from '../checkpoint/json';
import { CheckpointError } from '../errors';
import { isThere } from './image';

/** CLIP's tokenizer, as a directory has it. */
export interface ClipTokenizer {
  /** tokenizer.json */
  bytes: Buffer;
  bos: number;
  eos: number;
  /** What Hugging Face fills up with; OpenAI's code takes 0. */
  pad: number;
}

/** OpenAI's file of merges, which lies in the folder `clip` of its repository. */
const openaiMerges = 'bpe_simple_vocab_16e6.txt.gz';
/** How many of its lines count: with them there are 49,408 tokens. Source: openai/CLIP, clip/simple_tokenizer.py. */
const openaiCount = 49_152 - 256 - 2;
const [startText, endText] = ['<|startoftext|>', '<|endoftext|>'];

/**
 * The tokenizer in a folder: `tokenizer.json`, or `vocab.json` and `merges.txt`, or OpenAI's own list of merges.
 * @param given a folder or one of these files, instead of the weights' own folder
 * @param vocabulary how many tokens the text encoder has
 * @throws CheckpointError checkpoint_missing where there is none, checkpoint_mismatch where it has other tokens
 */
export async function readClipTokenizer(
  folder: string,
  given: string | undefined,
  vocabulary: number,
): Promise<ClipTokenizer> {
  const place = given === undefined ? folder : path.resolve(given);
  const info = await stat(place).catch(() => null);
  if (!info) throw new CheckpointError('checkpoint_missing', `The tokenizer ${place} is missing.`);
  const home = info.isDirectory() ? place : path.dirname(place);
  const file = info.isDirectory() ? null : path.basename(place);
  const { json, from } = await tokenizerJson(home, file);
  const ids = idsOf(json);
  const count = Math.max(-1, ...ids.values()) + 1;
  if (count !== vocabulary)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${from} has ${count} tokens, and the text encoder ${vocabulary}: it is the tokenizer of another model. Name the right one with --tokenizer.`,
    );
  const names = await specialTokens(home);
  const idOf = (name: string) => {
    const id = ids.get(name);
    if (id === undefined)
      throw new CheckpointError('checkpoint_mismatch', `${from} has no token ${name}: it is not CLIP’s.`);
    return id;
  };
  return {
    bytes: Buffer.from(`${JSON.stringify(json)}\n`),
    bos: idOf(names.bos),
    eos: idOf(names.eos),
    pad: idOf(names.pad),
  };
}

async function tokenizerJson(
  home: string,
  file: string | null,
): Promise<{ json: TokenizerJson; from: string }> {
  const wanted = (name: string) => (file === null ? isThere(path.join(home, name)) : file === name);
  if (await wanted('tokenizer.json')) {
    const from = path.join(home, 'tokenizer.json');
    return { json: await readJson(from, tokenizerSchema, 'CLIP'), from };
  }
  if ((await wanted('vocab.json')) || (await wanted('merges.txt'))) {
    const from = path.join(home, 'vocab.json');
    const vocab = await readJson(from, z.record(z.string(), z.int().nonnegative()), 'CLIP');
    const text = await readFile(path.join(home, 'merges.txt'), 'utf8').catch((cause: unknown) => {
      throw new CheckpointError(
        'checkpoint_missing',
        `${path.join(home, 'merges.txt')} is missing, which belongs to vocab.json. Is the download complete?`,
        { cause },
      );
    });
    return { json: tokenizerOf(vocab, mergesIn(text)), from };
  }
  if (await wanted(openaiMerges)) {
    const from = path.join(home, openaiMerges);
    const merges = mergesIn(unpacked(from, await readFile(from))).slice(0, openaiCount);
    return { json: tokenizerOf(vocabularyOf(merges), merges), from };
  }
  throw new CheckpointError(
    'checkpoint_missing',
    `There is no tokenizer in ${home}: it needs tokenizer.json, vocab.json and merges.txt, or OpenAI’s ${openaiMerges}. Name their folder with --tokenizer.`,
  );
}

function unpacked(file: string, bytes: Buffer): string {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (cause) {
    throw new CheckpointError('checkpoint_damaged', `${file} cannot be unpacked. Download it again.`, {
      cause,
    });
  }
}

/** Pairs of a list of merges, whose first line is a comment. */
const mergesIn = (text: string): string[] =>
  text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '');

/** OpenAI's order: 256 bytes, these at the end of a word, what merges make, begin and end of a text. */
function vocabularyOf(merges: readonly string[]): Record<string, number> {
  const bytes = byteSymbols();
  const names = [
    ...bytes,
    ...bytes.map((symbol) => `${symbol}</w>`),
    ...merges.map((line) => line.split(' ').join('')),
    startText,
    endText,
  ];
  return Object.fromEntries(names.map((name, i) => [name, i]));
}

/** A printable character for each byte, in the order of `bytes_to_unicode` in simple_tokenizer.py. */
function byteSymbols(): string[] {
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const printable = [...range(33, 126), ...range(161, 172), ...range(174, 255)];
  const others = range(0, 255).filter((byte) => !printable.includes(byte));
  return [...printable, ...others.map((_, i) => 256 + i)].map((code) => String.fromCharCode(code));
}

const tokenizerSchema = z.looseObject({
  model: z.looseObject({ vocab: z.record(z.string(), z.int().nonnegative()) }),
  added_tokens: z.array(z.looseObject({ id: z.int().nonnegative(), content: z.string() })).default([]),
});
type TokenizerJson = z.infer<typeof tokenizerSchema>;

function idsOf({ model, added_tokens: added }: TokenizerJson): Map<string, number> {
  return new Map([...Object.entries(model.vocab), ...added.map(({ id, content }) => [content, id] as const)]);
}

/**
 * tokenizer.json as transformers makes it of CLIP's two files.
 * Source: transformers, convert_slow_tokenizer.py, `CLIPConverter`.
 */
function tokenizerOf(vocab: Record<string, number>, merges: readonly string[]): TokenizerJson {
  const special = [startText, endText].flatMap((content) => {
    const id = vocab[content];
    return id === undefined ? [] : [{ id, content }];
  });
  const [begin, end] = [startText, endText].map((content) => [content, vocab[content] ?? 0]);
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map(({ id, content }) => ({
      ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: 'Removed',
          invert: true,
        },
        bytes,
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: end,
      cls: begin,
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: bytes,
    model: {
      ...{ type: 'BPE', dropout: null, unk_token: endText, continuing_subword_prefix: '' },
      ...{ end_of_word_suffix: '</w>', fuse_unk: false, byte_fallback: false, ignore_merges: false },
      ...{ vocab, merges },
    },
  };
}

const tokenName = z.union([
  z.string(),
  z.object({ content: z.string() }).transform(({ content }) => content),
]);
const namesSchema = z.object({
  bos_token: tokenName.nullish(),
  eos_token: tokenName.nullish(),
  pad_token: tokenName.nullish(),
});

/** Names of begin, end and padding, which config.json of published files gives wrong numbers for. */
async function specialTokens(home: string): Promise<{ bos: string; eos: string; pad: string }> {
  const names = { bos: startText!, eos: endText!, pad: endText! };
  for (const file of ['special_tokens_map.json', 'tokenizer_config.json']) {
    if (!(await isThere(path.join(home, file)))) continue;
    const found = await readJson(path.join(home, file), namesSchema, 'CLIP');
    return {
      bos: found.bos_token ?? names.bos,
      eos: found.eos_token ?? names.eos,
      pad: found.pad_token ?? names.pad,
    };
  }
  return names;
}
