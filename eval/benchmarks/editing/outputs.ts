/** Edited pictures as files, of runs and from elsewhere. */
import type { EditItem } from '../../datasets/types';
import type { ExportedSample, OutputFolder } from '../definition';
import { fileNameOf } from '../file-name';

/** `edited/<key>.png`, sources and targets beside it, and `pairs.jsonl` for `studio eval score editing`. */
export async function writeEditedPictures(
  samples: readonly ExportedSample[],
  { png, itemPictures, write }: OutputFolder,
): Promise<void> {
  const lines: string[] = [];
  for (const sample of samples.filter(({ repeat }) => repeat === 0)) {
    const { key, data } = sample.item;
    const edited = await png(sample);
    if (!edited) continue;
    const line: Record<string, string> = {};
    for (const { name, mediaType, bytes } of await itemPictures(sample)) {
      line[name] = `${name}/${fileNameOf(key)}.${mediaType.replace('image/', '')}`;
      if (bytes) await write(line[name], bytes);
    }
    line.edited = `edited/${fileNameOf(key)}.png`;
    await write(line.edited, edited);
    const { caption, instruction } = data as EditItem;
    lines.push(`${JSON.stringify({ ...line, caption, instruction, key })}\n`);
  }
  await write('pairs.jsonl', lines.join(''));
}
