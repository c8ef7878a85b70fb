/** Published evaluators where their authors have them: the files that `studio evaluator add` reads. */
import { join } from 'node:path';
import { stat, mkdir, rm } from 'node:fs/promises';
import type { FamilyName } from '../../models/export/evaluators/families';
import { checkRoom, keepFolder, onDisk, partOf } from './disk';
import { DownloadError } from './errors';
import { fetchFile } from './fetch-file';
import { request, withRetries, type Network } from './http';
import { receivedBytes } from './journal';
import { check } from './lock';
import { modelLockName } from './nexus-gen';
import { pull, type PullOptions } from './pull';
import type { Source } from './sources';

/** A file with an address of its own. */
export interface PublishedFile {
  url: string;
  /** Its sha256, or the beginning of it that its publisher names it after. */
  sha256: string;
}

/** A repository of Hugging Face, which knows the sums of its files. */
interface PublishedRepository {
  repo: string;
}

/** CLIP’s merges, which lie in OpenAI’s repository beside its code. */
const merges: PublishedFile = {
  url: 'https://raw.githubusercontent.com/openai/CLIP/main/clip/bpe_simple_vocab_16e6.txt.gz',
  sha256: '924691ac288e54409236115652ad4aa250f48203de50a9e4722a6ecd48d6804a',
};

const openai = (sha256: string, name: string): PublishedFile => ({
  url: `https://openaipublic.azureedge.net/clip/models/${sha256}/${name}`,
  sha256,
});

/** Sources: openai/CLIP, clip/clip.py; djghosh13/geneval, evaluation/download_models.sh. */
const published: Record<FamilyName, readonly PublishedFile[] | PublishedRepository> = {
  'clip-vit-b32': [
    openai('40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af', 'ViT-B-32.pt'),
    merges,
  ],
  'clip-vit-l14': [
    openai('b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836', 'ViT-L-14.pt'),
    merges,
  ],
  'dino-vits16': { repo: 'facebook/dino-vits16' },
  dinov2: { repo: 'facebook/dinov2-base' },
  'mask2former-swin-s': [
    {
      url: 'https://download.openmmlab.com/mmdetection/v2.0/mask2former/mask2former_swin-s-p4-w7-224_lsj_8x2_50e_coco/mask2former_swin-s-p4-w7-224_lsj_8x2_50e_coco_20220504_001756-743b7d99.pth',
      sha256: '743b7d99',
    },
  ],
};

const parts: readonly (readonly [name: string, files: RegExp])[] = [
  ['config.json', /^config\.json$/],
  ['preprocessor_config.json', /^preprocessor_config\.json$/],
  ['weights', /^(model\.safetensors|pytorch_model\.bin)$/],
];

export interface EvaluatorPulled {
  folder: string;
  fetched: { files: number; bytes: number };
  kept: { files: number; bytes: number };
}

/**
 * Fetches the files of an evaluator, or what is missing of them.
 * @param options.mirror takes the place of Hugging Face, or is a folder of the web that has the files by their names
 * @param from where they are; by default where their authors have them
 * @throws DownloadError; CancelledError when the signal aborts
 */
export function pullEvaluator(
  name: FamilyName,
  folder: string,
  options: PullOptions = {},
  from: readonly PublishedFile[] | PublishedRepository = published[name],
): Promise<EvaluatorPulled> {
  const advice = {
    unreachable: 'Check the network, or choose a mirror with --from',
    refused: 'Is it still there? Choose a mirror with --from.',
  };
  if (!('repo' in from)) return pullFiles(from, folder, { advice, ...options });
  const source: Source = {
    ...{ hub: 'huggingface', kind: 'models', repo: from.repo, revision: 'main', folder: '' },
    parts: parts.map(([part]) => part),
    partOf: (path) => parts.find(([, files]) => files.test(path))?.[0] ?? null,
  };
  return pull({ name, sources: [source], lock: modelLockName, trustTimes: true }, folder, {
    advice,
    ...options,
  });
}

async function pullFiles(
  files: readonly PublishedFile[],
  folder: string,
  { mirror, room, onProgress, ...network }: PullOptions,
): Promise<EvaluatorPulled> {
  await onDisk(folder, () => mkdir(folder, { recursive: true }));
  const release = await keepFolder(folder);
  try {
    const kept = { files: 0, bytes: 0 };
    const missing = [];
    for (const file of files) {
      const path = nameOf(file);
      const bytes = await wholeBytes(join(folder, path), file, network.signal);
      if (bytes !== null) {
        kept.files++;
        kept.bytes += bytes;
        continue;
      }
      const url = mirror === undefined ? file.url : `${mirror.replace(/\/+$/, '')}/${path}`;
      const locked = { path, size: await sizeAt(url, network) };
      missing.push({ file, locked, url, from: await receivedBytes(partOf(folder, locked), locked) });
    }
    const total = missing.reduce((sum, { locked, from }) => sum + locked.size - from, 0);
    await checkRoom(folder, total, room);
    let before = 0;
    for (const { file, locked, url, from } of missing) {
      const sum = await fetchFile(folder, locked, url, {
        ...network,
        onProgress: (bytes) => onProgress?.(Math.max(0, before + bytes - from), total),
      });
      if (!sum.startsWith(file.sha256)) {
        await rm(join(folder, locked.path), { force: true });
        throw otherContent(locked.path, new URL(url).origin, sum, file);
      }
      before += locked.size - from;
    }
    return { folder, fetched: { files: missing.length, bytes: total }, kept };
  } finally {
    await release();
  }
}

const nameOf = ({ url }: PublishedFile): string => new URL(url).pathname.split('/').at(-1)!;

/** How large a file is that is there; null where it is not. @throws DownloadError where it is another one */
async function wholeBytes(path: string, file: PublishedFile, signal?: AbortSignal): Promise<number | null> {
  const found = await onDisk(path, () => stat(path).catch(() => null));
  if (!found) return null;
  const { sha256 } = await check(path, { path: nameOf(file), size: found.size }, signal);
  if (!sha256.startsWith(file.sha256))
    throw new DownloadError(
      `${path} has sha256 ${sha256}, and the published file ${file.sha256}. Delete it and pull again.`,
    );
  return found.size;
}

const otherContent = (path: string, origin: string, sum: string, { sha256 }: PublishedFile): DownloadError =>
  new DownloadError(
    `${path} from ${origin} has different content (sha256 ${sum}) from the published file (${sha256}), and was deleted: the mirror or the connection altered it.`,
  );

/** In bytes, as the server tells it for the first one of them. */
function sizeAt(url: string, network: Network): Promise<number> {
  return withRetries(async (signal) => {
    const response = await request(url, signal, network, { range: 'bytes=0-0' });
    await response.body?.cancel();
    const told =
      response.status === 206
        ? /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
        : response.headers.get('content-length');
    const size = Number(told ?? NaN);
    if (Number.isSafeInteger(size) && size > 0) return size;
    throw new DownloadError(
      `${new URL(url).origin} does not tell how large ${url} is. Choose a mirror with --from.`,
    );
  }, network);
}
