import { decodeText, EncodingError, isObject, parseJson, type Parsed } from '../json';
import { checkedPicture, ItemError } from './dataset';
import type { DatasetItem, EditItem } from './types';

/**
 * The sets of ImagePulse. Each script of github.com/modelscope/ImagePulse writes other pictures, which tell the sets
 * apart; the target of a style transfer is the last of its four.
 */
const sets = [
  {
    kind: 'style-transfer',
    name: 'StyleTransfer',
    mark: 'image_4',
    target: 'image_4',
    captions: ['image_4_caption', 'image_2_caption'],
  },
  { kind: 'face-id', name: 'FaceID', mark: 'image_face', target: 'image_2', captions: ['image_2_caption'] },
  {
    kind: 'zoom-in-zoom-out',
    name: 'ZoominZoomout',
    mark: 'image_cropped',
    target: 'image_2',
    captions: ['image_2_caption'],
  },
  {
    kind: 'change-add-remove',
    name: 'ChangeAddRemove',
    mark: 'mask',
    target: 'image_2',
    captions: ['image_2_caption'],
  },
] as const;

/** A sample without its pictures, which are named by files beside it. */
export interface ImagePulseSample {
  key: string;
  group: string;
  data: EditItem;
  source: string;
  target: string;
}

/**
 * Reads a sample's JSON. Its key is made as Nexus-Gen's example data name samples:
 * `ImagePulseChangeAddRemove_<archive>_<sample>_0`, where 0 is the edit and not its reverse.
 * @param archive and `sample`: names of the archive or folder and of the JSON file, without endings
 * @throws ItemError when it cannot be used
 */
export function parseSample(bytes: Uint8Array, archive: string, sample: string): ImagePulseSample {
  const { value, error } = parsed(bytes);
  if (error !== undefined) throw new ItemError(`is not JSON: ${error}`);
  if (!isObject(value)) throw new ItemError('is not a JSON object');
  const set = sets.find(({ mark }) => mark in value);
  if (set === undefined) throw new ItemError('is a sample of no known set of ImagePulse');
  const caption = set.captions.find((name) => name in value) ?? set.captions[0];
  return {
    key: `ImagePulse${set.name}_${archive}_${sample}_0`,
    group: set.kind,
    data: {
      instruction: textOf(value, 'editing_instruction'),
      caption: textOf(value, caption),
      language: 'en',
    },
    source: fileOf(value, 'image_1'),
    target: fileOf(value, set.target),
  };
}

function parsed(bytes: Uint8Array): Parsed {
  try {
    return parseJson(decodeText(bytes));
  } catch (error) {
    if (error instanceof EncodingError) throw new ItemError(error.message);
    throw error;
  }
}

function textOf(sample: Record<string, unknown>, name: string): string {
  const value = sample[name];
  if (typeof value !== 'string' || value.trim() === '') throw new ItemError(`has no ${name}`);
  return value;
}

function fileOf(sample: Record<string, unknown>, name: string): string {
  const value = textOf(sample, name);
  // The script writes base names; a path would lead out of the archive.
  if (/[\\/\0]/.test(value) || value === '.' || value === '..')
    throw new ItemError(`names a ${name} that is no plain file name: ${JSON.stringify(value)}`);
  return value;
}

/** @param files by name @throws ItemError when a picture is missing or damaged */
export async function withPictures(
  { key, group, data, source, target }: ImagePulseSample,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<DatasetItem<EditItem>> {
  const picture = (name: string, file: string) => {
    const bytes = files.get(file);
    if (bytes === undefined) throw new ItemError(`names the ${name} image ${file}, which is not there`);
    return checkedPicture(name, bytes);
  };
  return {
    key,
    group,
    data,
    pictures: [await picture('source', source), await picture('target', target)],
  };
}
