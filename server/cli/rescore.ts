import type { Command } from 'commander';
import { asCommand } from '../../eval/cli/session';
import { readRevision } from '../evaluation/revisions';
import { findRun, readRun } from '../evaluation/run-store';
import { startRun } from '../evaluation/service';
import { followRun } from './follow';
import { addLabelOptions, labelsGiven, type LabelOptions } from './labels';
import { addMeasureOptions, command, evaluatorsGiven, shippedModel, type MeasureOptions } from './options';
import { printRun } from './print';
import { withStudio } from './with-studio';

/** `studio eval rescore`: scores the outputs of a run again, with other evaluators or rules, as a new run. */
export const rescoreCommand = (finish: (code: number) => void): Command =>
  addMeasureOptions(
    addLabelOptions(
      command('rescore', "score a run's outputs again as a new run, without generating").argument(
        '<run>',
        'ID of a run, or its first characters',
      ),
      '--name',
    ),
  ).action((given: string, options: MeasureOptions & LabelOptions & { name?: string }) =>
    asCommand(options, finish, () =>
      withStudio(async (studio) => {
        const { db } = studio;
        const source = (await readRun(db, await findRun(db, given)))!;
        const { datasetHash, itemCount } = await db.prisma.benchmarkVersion.findUniqueOrThrow({
          where: { id: source.versionId },
        });
        const kept = Object.fromEntries(
          Object.values(source.evaluators).flatMap((one) => (one ? [[one.kind, one.directory]] : [])),
        );
        const { fingerprintOf, visibility, startedBy } = await db.prisma.evaluationRun.findUniqueOrThrow({
          where: { id: source.id },
          select: { fingerprintOf: true, visibility: true, startedBy: true },
        });
        const { settings } = fingerprintOf as { settings: object };
        const id = await startRun(studio, {
          benchmark: source.benchmark,
          version: { id: source.versionId, datasetHash, itemCount },
          revision: await readRevision(db, source.revisionId),
          settings: {
            ...settings,
            ...(options.evaluators === undefined ? {} : { preset: options.evaluators }),
          },
          repeats: source.repeats,
          subset: source.whole ? undefined : { positions: source.positions },
          // Another preset brings its own.
          evaluators: { ...(options.evaluators === undefined ? kept : {}), ...evaluatorsGiven(options) },
          sourceId: source.id,
          labels: labelsGiven(options),
          // Outputs that are somebody's own stay it.
          ...(visibility === 'private' ? { visibility, startedBy } : { visibility: options.visibility }),
        });
        const { report, code } = await followRun(studio, id, { ...options, modelDir: shippedModel });
        printRun(report, options.json);
        return code;
      }),
    ),
  );
