/**
 * Edits in the unified format of Nexus-Gen (github.com/modelscope/Nexus-Gen, assets/example_datasets), JSON lines
 * `{"id", "source", "images": [path, …], "messages": [{"role", "content"}, …]}`: each `<image>` in the messages stands
 * for the next of the images. `caption` is ours: the format has none, and CLIP-T compares with it.
 */
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { streamEntries, type JsonEntry } from '../json';
import { checkedPicture, datasetOf, DatasetError, ItemError, orProblem } from './dataset';
import { readPicture } from './picture-file';
import type { Dataset, DatasetItem, DatasetPicture, EditItem } from './types';

const editLine = z.object({
  id: z.union([z.string().min(1), z.number(), z.bigint()]).optional(),
  source: z.string().min(1).optional(),
  images: z.array(z.string().min(1)),
  messages: z.array(
    z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string().nullable() }),
  ),
  caption: z.string().optional(),
});
type EditLine = z.infer<typeof editLine>;

const placeholder = '<image>';

/**
 * The edits of a file of JSON lines or of a JSON list. The key is the line's `id`, or `line-7`, of a list `entry-7`; the group is its `source`, or `edit`. A line that is
 * no edit of one picture into one other is a problem, and so is one without a caption or with an unusable picture.
 * @param options.folder that pictures' paths are relative to, and that none may lead out of; by default the file's own
 * @throws DatasetError when the file cannot be read
 */
export async function readUnifiedEdits(
  file: string,
  options: { folder?: string } = {},
): Promise<Dataset<EditItem>> {
  // The bundler of the pages would take the whole project for files that this may read.
  const folder = resolve(/* turbopackIgnore: true */ options.folder ?? dirname(file));
  // One value is read now: a file that cannot be is told at once.
  const first = streamEntries(file);
  await first.next().catch((error: unknown) => {
    throw new DatasetError(`Cannot read ${file}: ${whyUnreadable(error)}.`);
  });
  await first.return(undefined);
  return datasetOf(null, async function* (report) {
    for await (const entry of streamEntries(file)) {
      const item = await orProblem(entry.where, report, () => editOf(entry, folder));
      if (item) yield item;
    }
  });
}

function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'file not found' : (code ?? message);
}

async function editOf(entry: JsonEntry, folder: string): Promise<DatasetItem<EditItem>> {
  const line = parseLine(entry);
  const { instruction, source, target } = partsOf(line);
  const caption = line.caption?.trim() ? line.caption : null;
  if (caption === null) throw new ItemError('has no caption, which CLIP-T compares with');
  return {
    key: String(line.id ?? entry.where.replace(/ \(.*/, '').replace(' ', '-')),
    group: line.source ?? 'edit',
    data: { instruction, caption, language: /\p{Script=Han}/u.test(instruction) ? 'zh' : 'en' },
    pictures: [await pictureOf('source', source, folder), await pictureOf('target', target, folder)],
  };
}

function parseLine({ value, error }: JsonEntry): EditLine {
  if (error !== undefined) throw new ItemError(`is not JSON: ${error}`);
  const parsed = editLine.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ItemError(
    `is no edit in the unified format: ${issue.path.join('.') || 'the line'}: ${issue.message}`,
  );
}

/** Who shows each image is told by the placeholders, as in Nexus-Gen's training template. */
function partsOf({ images, messages }: EditLine): { instruction: string; source: string; target: string } {
  const shown = messages.flatMap(({ role, content }, message) =>
    Array.from({ length: (content ?? '').split(placeholder).length - 1 }, () => ({ role, message })),
  );
  if (shown.length !== images.length)
    throw new ItemError(`has ${images.length} images and ${shown.length} places for them in its messages`);
  const [first, second] = shown;
  if (shown.length !== 2 || first?.role !== 'user' || second?.role !== 'assistant')
    throw new ItemError("is no edit: it needs one picture of the user's and then one of the assistant's");
  const asked = messages.slice(0, second.message).filter(({ role }) => role === 'user');
  const instruction = (asked.at(-1)?.content ?? '').replaceAll(placeholder, '').trim();
  if (instruction === '') throw new ItemError('has no instruction');
  return { instruction, source: images[0]!, target: images[1]! };
}

async function pictureOf(name: string, path: string, folder: string): Promise<DatasetPicture> {
  const full = resolve(folder, path);
  const inside = relative(folder, full);
  // The file may be a stranger's, and its pictures are sent to models.
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    throw new ItemError(`names a ${name} image outside its folder: ${path}`);
  const bytes = await readPicture(full);
  if (bytes === null) throw new ItemError(`names the ${name} image ${path}, which is not there`);
  return checkedPicture(name, bytes);
}
