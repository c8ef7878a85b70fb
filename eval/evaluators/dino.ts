import { openGraphs, readDirectory } from '../../models/runtime';
import type { EvaluatorOptions } from './clip';
import { imageEmbedder } from './embed';
import { dinoManifest, evaluatorKind } from './manifest';
import type { Dino } from './types';

/**
 * Opens a DINO directory: an encoder whose `image_embeds` is the CLS token.
 * @throws ModelError naming the file and what to do
 */
export async function openDino(dir: string, options: EvaluatorOptions = {}): Promise<Dino> {
  const { manifest, hash } = await readDirectory(dir, dinoManifest, evaluatorKind);
  const graphs = await openGraphs(dir, manifest.graphs, options);
  return {
    kind: 'dino',
    name: manifest.name,
    version: manifest.version,
    hash,
    embedImages: imageEmbedder(() => graphs.get('image_encoder'), manifest.image),
    close: () => graphs.close(),
  };
}
