import { Option, type Command } from 'commander';
import { InputError } from '../../eval/cli/report';
import { asCommand } from '../../eval/cli/session';
import { editRun, setVisibility } from '../evaluation/runs/edit';
import { labelsSchema, visibilities, type RunLabels, type Visibility } from '../evaluation/labels';
import { reportRun } from '../evaluation/report';
import { findRun } from '../evaluation/run-store';
import { command } from './options';
import { printRun } from './print';
import { withStudio } from './with-studio';

/** What a run is called and who may read it, as options of the commands that make one. */
export interface LabelOptions {
  runName?: string;
  note?: string;
  tag?: string[];
  visibility?: Exclude<Visibility, 'published'>;
}

const collect = (one: string, before: string[] = []): string[] => [...before, one];

/**
 * Adds `--note`, `--tag`, `--visibility` and a name.
 * @param flag of the name: `--name`, where that is not taken
 */
export const addLabelOptions = (to: Command, flag: '--name' | '--run-name'): Command =>
  to
    .addOption(new Option(`${flag} <text>`, 'what the run is called'))
    .option('--note <text>', 'what is to be said of it')
    .option('--tag <tag>', 'a tag; may be given several times', collect)
    .addOption(
      new Option('--visibility <who>', 'who may read it: the team, or admins alone; see studio eval edit')
        .choices(['private', 'team'])
        .default('team'),
    );

/** @throws InputError for what is too long */
export function labelsGiven(options: { name?: string; note?: string; tag?: string[] }): RunLabels {
  const { name, note, tag: tags } = options;
  const parsed = labelsSchema.safeParse({ name, note, tags });
  if (parsed.success) return parsed.data;
  throw new InputError(parsed.error.issues[0]?.message ?? 'The name, note or tags cannot be used.');
}

type EditOptions = { name?: string; note?: string; tag?: string[]; tags: boolean; json?: boolean } & {
  visibility?: Visibility;
};

/** `studio eval edit` */
export const editCommand = (finish: (code: number) => void): Command =>
  command('edit', 'name a run, note something about it, tag it, publish it or take it back')
    .argument('<run>', 'id of a run, or its beginning')
    .option('--name <text>', 'what it is called; empty for no name')
    .option('--note <text>', 'what is to be said of it; empty for no note')
    .option('--tag <tag>', 'its tags from now on; may be given several times', collect)
    .option('--no-tags', 'takes its tags away')
    .addOption(
      new Option(
        '--visibility <who>',
        'who may read it; published: everybody, and on the leaderboard',
      ).choices([...visibilities]),
    )
    .option('--json', 'print one JSON object and nothing else')
    .action((given: string, options: EditOptions) =>
      asCommand(options, finish, () =>
        withStudio(async (studio) => {
          const { visibility, json, tags } = options;
          const labels = labelsGiven({ ...options, tag: options.tag ?? (tags ? undefined : []) });
          const id = await findRun(studio.db, given);
          await editRun(studio, null, { id, ...labels });
          if (visibility !== undefined) await setVisibility(studio, null, { id, visibility });
          printRun(await reportRun(studio.db, id), json);
        }),
      ),
    );
