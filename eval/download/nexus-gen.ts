/** Nexus-Gen V2 as the hubs have it: the files that `studio model add` reads. */
import { hubs, type HubName } from './hub';
import { pull, type Pulled, type PullOptions } from './pull';
import type { Source } from './sources';

/** The file that says what a folder of weights was downloaded as. */
export const modelLockName = 'model.lock.json';

const revisions: Record<HubName, string> = { modelscope: 'master', huggingface: 'main' };
const weightsOwners: Record<HubName, string> = { modelscope: 'DiffSynth-Studio', huggingface: 'modelscope' };
const fluxRepo = 'black-forest-labs/FLUX.1-dev';

/** The first whose pattern matches has the file. */
type Parts = readonly (readonly [name: string, files: RegExp])[];

/** A model in one file, or in shards that an index lists. */
const weights = String.raw`model(-\d+-of-\d+)?\.safetensors(\.index\.json)?`;

const nexusGenParts: Parts = [
  ['config.json', /^config\.json$/],
  ['generation_config.json', /^generation_config\.json$/],
  ['preprocessor_config.json', /^preprocessor_config\.json$/],
  ['tokenizer.json', /^tokenizer\.json$/],
  ['a chat template', /^(chat_template\.(json|jinja)|tokenizer_config\.json)$/],
  ['model.safetensors', new RegExp(`^${weights}$`)],
  ['generation_decoder.bin', /^generation_decoder\.bin$/],
  ['edit_decoder.bin', /^edit_decoder\.bin$/],
];

const fluxParts: Parts = [
  ['ae.safetensors', /^ae\.safetensors$/],
  ['text_encoder/config.json', /^text_encoder\/config\.json$/],
  ['text_encoder', new RegExp(`^text_encoder/${weights}$`)],
  ['text_encoder_2/config.json', /^text_encoder_2\/config\.json$/],
  ['text_encoder_2', new RegExp(`^text_encoder_2/${weights}$`)],
];

const source = (hub: HubName, repo: string, folder: string, parts: Parts): Source => ({
  ...{ hub, kind: 'models', repo, folder, revision: revisions[hub] },
  parts: parts.map(([name]) => name),
  partOf: (path) => parts.find(([, files]) => files.test(path))?.[0] ?? null,
  denied: {
    huggingface: `Sign in to ${hubs.huggingface.address}/${repo}, accept the licence there, and set HF_TOKEN to an access token of your account.`,
    modelscope: `See ${hubs.modelscope.address}/models/${repo} for who may download it, or use --from huggingface.`,
  }[hub],
});

export interface ModelPullOptions extends PullOptions {
  hub: HubName;
}

/**
 * Fetches Nexus-Gen V2, or what is missing of it, and in FLUX.1-dev inside the folder what it needs of that model.
 * @throws as pull
 */
export function pullNexusGen(folder: string, { hub, ...options }: ModelPullOptions): Promise<Pulled> {
  return pull(
    {
      name: 'nexus-gen-v2',
      // FLUX.1-dev first: a hub that wants an account for it says so before 65 GB of the rest.
      sources: [
        source(hub, fluxRepo, 'FLUX.1-dev', fluxParts),
        source(hub, `${weightsOwners[hub]}/Nexus-GenV2`, '', nexusGenParts),
      ],
      lock: modelLockName,
      trustTimes: true,
    },
    folder,
    {
      advice: {
        unreachable: 'Check the network, or choose another hub or a mirror with --from',
        refused: 'Is the mirror complete? Choose another hub or mirror with --from.',
      },
      ...{ parallel: 4, connections: 4 },
      ...options,
    },
  );
}
