/**
 * A set of edits that the project's own scene generator makes: pictograms, not photographs, and no benchmark that
 * anybody else scores. Results on it are named synthetic.
 */
import { describe, type Edit, type EditKind } from '../../../models/scenes/edits';
import { editSample } from '../../../models/scenes/samples';
import type { Dataset, DatasetPicture, EditItem } from '../../datasets/types';
import { drawn, SYNTHETIC_SEED } from '../synthetic';

/** Without changes of style: the set is older than they are, and stays as it is so that its figures can be compared. */
export const SYNTHETIC_KINDS = [
  'add',
  'remove',
  'replace',
  'recolour',
  'move',
] as const satisfies readonly EditKind[];

const SIZE = 1000;

/**
 * An edit of the set, before it is drawn. Kinds take turns, and of four edits of a kind the last is in Chinese, so that
 * the first edits of the set are balanced like the whole.
 * @param index from 0
 */
export function syntheticEdit(index: number): Edit {
  const kind = SYNTHETIC_KINDS[index % SYNTHETIC_KINDS.length]!;
  const language = Math.floor(index / SYNTHETIC_KINDS.length) % 4 === 3 ? 'zh' : 'en';
  return editSample('test', SYNTHETIC_SEED, index, { kind, language });
}

/** The target in English, in the commonest wording of the captions that nano's CLIP is trained on. */
export const captionOf = ({ target }: Edit): string => `a photo of ${describe(target, 'en')}`;

/** The pictures of an edit of the set. */
export async function drawEdit({ source, target }: Edit): Promise<DatasetPicture[]> {
  return [await drawn('source', source), await drawn('target', target)];
}

/**
 * 1,000 edits of scenes that no training has seen, 200 of each kind, three quarters in English and one in Chinese.
 * Groups are the kinds; pictures `source` and `target` are PNG files of 256 × 256. Texts and scenes are the same for
 * ever; another version of the image library may write other bytes, which the hash of the set then shows.
 */
export function syntheticEdits(): Dataset<EditItem> {
  return {
    size: SIZE,
    hash: 'f0db57a23c002ed32fe01c2d4911262e3105757fec598c8702842516ffcf3043',
    problems: [],
    async *items() {
      for (let index = 0; index < SIZE; index++) {
        const edit = syntheticEdit(index);
        yield {
          key: `synthetic-edit-${String(index).padStart(4, '0')}`,
          group: edit.kind,
          data: { instruction: edit.instruction, caption: captionOf(edit), language: edit.language },
          pictures: await drawEdit(edit),
        };
      }
    },
  };
}
