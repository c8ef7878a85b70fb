/** What the commands have in common that download. */
import { InvalidArgumentError } from 'commander';
import { sizeText } from '../../models/runtime/graphs/memory';
import type { Pulled, PullOptions } from '../download/pull';
import { clearProgress, progressBar } from './progress';

/**
 * Shows how far a download is, and lets Ctrl-C end it between two pieces.
 * @param work gets where to tell its progress, and the signal that ends it
 */
export async function downloading<Result>(
  what: string,
  options: { json?: boolean },
  work: (how: Required<Pick<PullOptions, 'onProgress' | 'signal'>>) => Promise<Result>,
): Promise<Result> {
  const bar = progressBar(`downloading ${what}, MB`, options);
  const onProgress = (bytes: number, total: number) => {
    if (bytes > 0) bar(megabytes(bytes), megabytes(total));
  };
  return cancellable((signal) => work({ onProgress, signal }));
}

/** Lets Ctrl-C end work through its signal, and clears the line of its progress. */
export async function cancellable<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const cancel = new AbortController();
  const interrupt = () => cancel.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await work(cancel.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    clearProgress();
  }
}

/** Rounded up, so that what has begun is never 0 of 0. */
const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

/** The commits of what was downloaded, and how much of it. */
export function summaryOf({ folder, sources, fetched, kept, sha256 }: Pulled): string {
  const commits = sources.map(({ repo, commit }) => `${repo} at ${commit}\n`);
  return `${commits.join('')}${folder}: ${fetched.files} files downloaded (${sizeText(fetched.bytes)}), ${kept.files} already present (${sizeText(kept.bytes)}), sha256 ${sha256}\n`;
}

/** The text, if it is an address of the web. */
export function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new InvalidArgumentError('It must be a URL starting with http:// or https://.');
}
