import { z } from 'zod';
import { findBenchmark } from '../../../eval/benchmarks';
import type { Db } from '../../platform/db/client';
import { StudioError } from '../../platform/errors/errors';
import type { Reader } from '../../accounts/run-access';
import { figuresOfRun } from './columns';
import { readRuns } from './runs';
import type { Citation } from './schema';
import { bibtexText } from './tex';

/**
 * How to cite a run: what was measured, by which rules, with which code and when.
 * @throws StudioError NOT_FOUND for a run that is none, is not for this reader or is not done
 */
export async function citeRun(db: Db, reader: Reader, runId: string): Promise<Citation> {
  const [run] = await readRuns(db, { run: runId, reader });
  const name = run?.fingerprintOf.benchmark ?? '';
  const benchmark = findBenchmark(name);
  if (!run || !benchmark)
    throw new StudioError('NOT_FOUND', 'This run doesn’t exist or is not done, so it can’t be cited yet.', {
      reason: 'NOTHING_TO_CITE',
    });
  const {
    title,
    metrics: [main],
  } = benchmark;
  const figure = figuresOfRun(run, benchmark)[main.metric];
  const told = (value: number) => `${value.toFixed(figure?.decimals)}${main.unit === 'percent' ? ' %' : ''}`;
  const interval = figure?.interval
    ? `, 95 % interval ${told(figure.interval[0])} to ${told(figure.interval[1])}`
    : '';
  const result = figure ? `${main.metric} ${told(figure.value)}${interval}, n = ${figure.n}` : 'no figure';
  const day = run.finishedAt.toISOString().slice(0, 10);
  const commit = run.commit
    ? `commit ${run.commit.slice(0, 12)}${run.dirty ? ' with local changes' : ''}`
    : 'commit unknown';
  const fingerprint = run.fingerprint.slice(0, 16);
  const path = `/runs/${run.id}`;
  const model = `${run.model} ${run.version}`;
  const named = run.name === null ? '' : ` Run \u201c${run.name}\u201d.`;
  const asked = z.record(z.string(), z.unknown()).catch({}).parse(run.fingerprintOf.settings);
  const chosen = Object.entries(asked).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const settings = chosen.length > 0 ? ` Settings: ${chosen.join(', ')}.` : '';
  const unpublished = run.visibility === 'published' ? '' : ' Not published.';
  const incomplete = run.incomplete ? ' Incomplete: something that the protocol asks for is missing.' : '';
  return {
    text:
      `${model} on ${title}: ${result}.${named} Protocol ${run.protocol}.${settings} Measured with Nexus-Gen Studio (${commit}) on ${day}.` +
      `${incomplete}${unpublished} Fingerprint ${fingerprint}. ${path}`,
    bibtex: [
      `@misc{run-${run.id.slice(0, 8)},`,
      `  title = {${bibtexText(`${model} on ${title}`)}},`,
      `  author = {{Nexus-Gen Studio}},`,
      `  year = {${day.slice(0, 4)}},`,
      `  month = {${Number(day.slice(5, 7))}},`,
      `  note = {${bibtexText(`${result}.${named} Protocol ${run.protocol}.${settings} ${commit}. ${day}.${incomplete}${unpublished} Fingerprint ${fingerprint}`)}},`,
      `  howpublished = {\\url{${path}}}`,
      `}`,
    ].join('\n'),
  };
}
