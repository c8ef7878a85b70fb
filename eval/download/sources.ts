/** Where a dataset or a model is fetched from, and what of it. */
import { DownloadError } from './errors';
import type { Repository } from './hub';
import type { LockedFile } from './lock';

export interface Source extends Repository {
  /** Each has a file at least, and `only` selects among them: subjects, sets. */
  parts: readonly string[];
  /** Inside the folder of the whole; empty for the folder itself. */
  folder: string;
  /** What to do where the hub wants to know who asks. */
  denied?: string;
  /** The part that a file of the repository belongs to; null for one that is not needed. */
  partOf(path: string): string | null;
}

/** `only` names what the dataset does not have. */
export class UnknownPartError extends DownloadError {}

/** The sources with the wanted parts. @param name of the dataset or model. @throws UnknownPartError */
export function chosenSources(
  name: string,
  all: readonly Source[],
  only: readonly string[] | undefined,
): readonly Source[] {
  if (only === undefined) return all;
  const parts = all.flatMap((source) => source.parts);
  const unknown = only.find((part) => !parts.includes(part));
  if (unknown !== undefined || only.length === 0)
    throw new UnknownPartError(
      `${name} has no part ${JSON.stringify(unknown ?? '')}. Choose from ${parts.join(', ')}.`,
    );
  return all.filter((source) => source.parts.some((part) => only.includes(part)));
}

/**
 * The files of a source to fetch, by path: those of the wanted parts, at most `archives` of them where that is set.
 * @throws DownloadError where a part has no file
 */
export function selected(
  source: Source,
  files: readonly LockedFile[],
  only: readonly string[] | undefined,
  archives: number | undefined,
): LockedFile[] {
  const parts = source.parts.filter((part) => only === undefined || only.includes(part));
  const wanted = files.filter(({ path }) => parts.some((part) => part === source.partOf(path)));
  const without = parts.find((part) => !wanted.some(({ path }) => source.partOf(path) === part));
  if (without !== undefined)
    throw new DownloadError(`${source.repo} has no files of ${without}. Is the mirror complete?`);
  return wanted.sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, archives);
}
