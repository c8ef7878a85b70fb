import { syntheticEdit, captionOf } from '../../eval/benchmarks/editing/synthetic';
import { benchmarkOf } from '../../eval/benchmarks';
import { drawn } from '../../eval/benchmarks/synthetic';
import type { Dataset, EditItem, MmmuQuestion } from '../../eval/datasets/types';
import { tinyEvaluator } from '../../eval/testing/evaluators';
import { listen } from '../../server/platform/db/listen';
import { storeDataset } from '../../server/evaluation/dataset-store';
import { reportRun, type RunReport } from '../../server/evaluation/report';
import type { Revision } from '../../server/evaluation/revisions';
import { runChannel } from '../../server/platform/db/hub';
import { stateOf, type RunState } from '../../server/evaluation/run-store';
import { readSamples } from '../../server/evaluation/sample-store';
import { startRun, type NewRun } from '../../server/evaluation/service';
import { loadManifest } from '../../models/runtime';
import { tinyModel } from './paths';
import type { TestStudio } from './studio';

/** Evaluators of random weights, which answer at once. */
export const tinyEvaluators = {
  clip: tinyEvaluator('clip'),
  dino: tinyEvaluator('dino'),
  detector: tinyEvaluator('detector'),
};

/** The first n of the synthetic edits. */
export function firstEdits(n: number): Dataset<EditItem> {
  return {
    size: n,
    problems: [],
    async *items() {
      for (let i = 0; i < n; i++) {
        const edit = syntheticEdit(i);
        const { instruction, language, kind } = edit;
        yield {
          key: `edit-${i}`,
          group: kind,
          data: { instruction, caption: captionOf(edit), language },
          pictures: [await drawn('source', edit.source), await drawn('target', edit.target)],
        };
      }
    },
  };
}

/** Open questions, to which the stub answers `word1 word2 word3`. */
export function openQuestions(n: number, text = (i: number) => `question ${i}`): Dataset<MmmuQuestion> {
  return {
    size: n,
    problems: [],
    async *items() {
      for (let i = 0; i < n; i++)
        yield {
          key: `synthetic_Objects_${i}`,
          group: 'Objects',
          data: { question: text(i), kind: 'open', options: [], answer: i % 2 ? 'word1 word2' : 'another' },
          pictures: [],
        };
    },
  };
}

/** Runs on the services of a test studio. */
export function evaluationOf(url: string, { services }: TestStudio) {
  const { db } = services;
  const states = new Map<string, () => void>();
  const listener = listen(
    url,
    [runChannel],
    (_channel, id) => states.get(id)?.(),
    () => undefined,
  );
  return {
    ready: listener.ready,
    close: () => listener.close(),
    /** The revision of the stub that stands in for the model. */
    async stub(): Promise<Revision> {
      const { manifest } = await loadManifest(tinyModel);
      const { id } = await db.prisma.modelRevision.findFirstOrThrow({
        where: { manifestHash: 'a'.repeat(64) },
      });
      const { name, version } = manifest;
      return { id, kind: 'directory', hash: 'a'.repeat(64), name, version, manifest, location: null };
    },
    async start(
      name: string,
      dataset: Dataset,
      given: Partial<NewRun> & Pick<NewRun, 'revision'>,
    ): Promise<string> {
      const benchmark = await benchmarkOf(name);
      const version = await storeDataset(services, benchmark, dataset);
      return startRun(services, { benchmark, version, settings: {}, evaluators: tinyEvaluators, ...given });
    },
    /** Resolves when the run is in one of the states, by its notices and not by asking again and again. */
    async reaches(id: string, ...wanted: RunState[]): Promise<RunReport> {
      for (;;) {
        const told = new Promise<void>((resolve, reject) => {
          states.set(id, resolve);
          AbortSignal.timeout(100_000).addEventListener('abort', () =>
            reject(new Error(`The run ${id} does not become ${wanted.join(' or ')}.`)),
          );
        });
        // Whoever waits below hears of it; nobody may.
        told.catch(() => undefined);
        const state = await stateOf(db, id);
        if (state && wanted.includes(state)) return reportRun(db, id);
        if (state && state !== 'running') {
          const { reason } = await reportRun(db, id);
          throw new Error(`The run is ${state} (${reason}), not ${wanted.join(' or ')}.`);
        }
        await told;
      }
    },
    /** Everything about the samples that must not depend on how the run went. */
    async outcome(id: string) {
      const samples = await readSamples(db, id);
      const pictures = await db.prisma.sample.findMany({
        where: { runId: id },
        select: { id: true, pictureHash: true },
      });
      const hashes = new Map(pictures.map((one) => [one.id, one.pictureHash]));
      return samples.map(({ id: sample, item, repeat, state, text, error, scores }) => ({
        ...{ key: item.key, repeat, state, text, error, scores, picture: hashes.get(sample) },
      }));
    },
  };
}
