import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DetectionsLine } from '../benchmarks/geneval/detections';
import type { GenevalFingerprint } from '../benchmarks/geneval/images';
import type { Problem } from '../benchmarks/problem';
import { evaluatorDirectories, using } from './evaluators';
import { reasonOf } from './files';
import { clearProgress, progressBar } from './progress';
import { InputError } from './report';
import type { GenevalOptions, Scored } from './score-geneval';

/** `--images`: finds the objects and their colours, and judges. */
export async function scoreImages(directory: string, options: GenevalOptions): Promise<Scored> {
  const preset = options.evaluators ?? 'nano';
  const directories = evaluatorDirectories(preset, ['detector', 'clip'], options);
  const [{ colourClassifier }, { readGenevalFolder }, { judgeFolder }, { summarize }, evaluators] =
    await Promise.all([
      import('../benchmarks/geneval/colour'),
      import('../benchmarks/geneval/folder'),
      import('../benchmarks/geneval/images'),
      import('../benchmarks/geneval/summary'),
      import('../evaluators'),
    ]);
  const root = resolve(directory);
  const folder = await readGenevalFolder(root).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`Cannot read ${directory}: ${reasonOf(error)}.`);
  });
  if (folder.prompts.length === 0)
    throw new InputError(`${directory} has no 00000/metadata.jsonl with 00000/samples/0000.png.`);
  const saved = await detectionsFile(options.saveDetections);
  const { openClip, openDetector } = evaluators;
  try {
    return await using(openDetector(directories.detector), (detector) =>
      using(openClip(directories.clip), async (clip) => {
        const { items, metadata, problems, incomplete, fingerprint, ...more } = await judgeFolder(
          root,
          folder,
          { detector, clip, colours: colourClassifier(clip) },
          { onImage: progressBar('judging', options), onDetections: saved.write },
        );
        const scored = items.map(({ correct }, i) => {
          const prompt = metadata[i]!;
          return { tag: prompt.tag, metadata: prompt, correct };
        });
        return {
          summary: summarize(scored),
          problems: [...problems, ...saved.problems],
          incomplete,
          more: { ...more, items, fingerprint },
          note: measuredBy(fingerprint),
        };
      }),
    );
  } finally {
    clearProgress();
    await saved.close();
  }
}

function measuredBy({ id, evaluators }: GenevalFingerprint): string {
  const names = evaluators.map(({ name, version }) => `${name} ${version}`).join(' and ');
  return `\nMeasured with ${names}, fingerprint ${id.slice(0, 12)}.\n`;
}

/**
 * A file that gets a line after each image, so that a run that is broken off keeps what it found. When it cannot be
 * written any more, such as on a full disk, that is a problem of the file and not of the scores.
 * @throws InputError when it cannot be made
 */
async function detectionsFile(path: string | undefined) {
  const problems: Problem[] = [];
  if (path === undefined) return { problems, write: undefined, close: async () => {} };
  const file = await open(path, 'w').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`Cannot write ${path}: ${reasonOf(error)}.`);
  });
  return {
    problems,
    write: async (line: DetectionsLine): Promise<void> => {
      if (problems.length > 0) return;
      await file.appendFile(`${JSON.stringify(line)}\n`).catch((error: NodeJS.ErrnoException) => {
        problems.push({ where: path, reason: `it lacks detections: ${reasonOf(error)}` });
      });
    },
    close: () => file.close(),
  };
}
