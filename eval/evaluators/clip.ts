import { join } from 'node:path';
import { int64, openGraphs, output, readDirectory, readTokenizer } from '../../models/runtime';
import { imageEmbedder, inBatches, unitRows } from './embed';
import { clipManifest, evaluatorKind } from './manifest';
import type { Clip } from './types';

export interface EvaluatorOptions {
  /** Threads of one operator; by default every core. */
  threads?: number;
}

/**
 * Opens a CLIP directory: both encoders and the tokenizer.
 *
 * Texts are framed as openai/CLIP's `tokenize(truncate=True)` does it: first token, text, last token, padding; of a
 * text above the context the end is cut, but not the last token. That code also cleans texts, which a
 * tokenizer.json does not: see `cleanCaption`.
 * @throws ModelError naming the file and what to do
 */
export async function openClip(dir: string, options: EvaluatorOptions = {}): Promise<Clip> {
  const { manifest, hash } = await readDirectory(dir, clipManifest, evaluatorKind);
  const { file, context_length: length, bos, eos, pad } = manifest.tokenizer;
  const tokenizer = await readTokenizer(join(dir, file));
  const graphs = await openGraphs(dir, manifest.graphs, options);
  const frame = (text: string) => {
    const { ids } = tokenizer.encode(text, { add_special_tokens: false });
    const kept = ids.slice(0, length - 2);
    const used = kept.length + 2;
    return {
      ids: [bos, ...kept, eos, ...Array<number>(length - used).fill(pad)],
      mask: Array.from({ length }, (_, i) => (i < used ? 1 : 0)),
      truncated: kept.length < ids.length,
    };
  };
  return {
    kind: 'clip',
    name: manifest.name,
    version: manifest.version,
    hash,
    embedImages: imageEmbedder(() => graphs.get('image_encoder'), manifest.image),
    embedTexts: async (texts) => {
      const graph = await graphs.get('text_encoder');
      const framed = texts.map(frame);
      const embeddings = await inBatches(framed, async (batch) => {
        const tensor = (rows: number[][]) => int64(rows.flat(), [batch.length, length]);
        const outputs = await graph.run({
          input_ids: tensor(batch.map(({ ids }) => ids)),
          attention_mask: tensor(batch.map(({ mask }) => mask)),
        });
        return unitRows(output(outputs, 'text_embeds'), batch.length);
      });
      return { embeddings, truncated: framed.map(({ truncated }) => truncated) };
    },
    close: () => graphs.close(),
  };
}
