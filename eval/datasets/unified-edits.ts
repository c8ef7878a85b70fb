/**
 * Edits in the unified format of Nexus-Gen (github.com/modelscope/Nexus-Gen, assets/example_datasets), JSON lines
 * `{"id", "source", "images": [path, …], "messages": [{"role", "content"}, …]}`: each `<image>` in the messages stands
 * for the next of the images. `caption` is ours: the format has none, and CLIP-T compares with it.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { tryParse } from '../benchmarks/json';
import { checkedPicture, datasetOf, DatasetError, ItemError, orProblem } from './dataset';
import { readPicture } from './picture-file';
import type { Dataset, DatasetItem, DatasetPicture, EditItem } from './types';

const editLine = z.object({
  id: z.union([z.string().min(1), z.number()]).optional(),
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
 * The edits of a file. The key is the line's `id`, or `line-7`; the group is its `source`, or `edit`. A line that is
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
  await opened(file).then((handle) => handle.close());
  return datasetOf(null, async function* (report) {
    let number = 0;
    for await (const text of linesOf(await opened(file))) {
      number++;
      if (text.trim() === '') continue;
      const item = await orProblem(`line ${number}`, report, () => editOf(text, number, folder));
      if (item) yield item;
    }
  });
}

async function opened(file: string): Promise<FileHandle> {
  return open(file).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : (error.code ?? error.message);
    throw new DatasetError(`Cannot read ${file}: ${why}.`);
  });
}

/** Lines end at LF alone: JSON may hold other characters that Node's own reader takes for ends of lines. */
async function* linesOf(handle: FileHandle): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of handle.createReadStream()) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  yield rest + decoder.decode();
}

async function editOf(text: string, number: number, folder: string): Promise<DatasetItem<EditItem>> {
  const line = parseLine(text);
  const { instruction, source, target } = partsOf(line);
  const caption = line.caption?.trim() ? line.caption : null;
  if (caption === null) throw new ItemError('has no caption, which CLIP-T compares with');
  return {
    key: String(line.id ?? `line-${number}`),
    group: line.source ?? 'edit',
    data: { instruction, caption, language: /\p{Script=Han}/u.test(instruction) ? 'zh' : 'en' },
    pictures: [await pictureOf('source', source, folder), await pictureOf('target', target, folder)],
  };
}

function parseLine(text: string): EditLine {
  const { value, error } = tryParse(text);
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
