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
    .addOption(new Option(`${flag} <text>`, 'name of the run'))
    .option('--note <text>', 'note on the run')
    .option('--tag <tag>', 'tag; repeatable', collect)
    .addOption(
      new Option('--visibility <who>', 'who can read it: the team, or only admins; see studio eval edit')
        .choices(['private', 'team'])
        .default('team'),
    );

/** @throws InputError for what is too long */
export function labelsGiven(options: { name?: string; note?: string; tag?: string[] }): RunLabels {
  const { name, note, tag: tags } = options;
  const parsed = labelsSchema.safeParse({ name, note, tags });
  if (parsed.success) return parsed.data;
  throw new InputError(parsed.error.issues[0]?.message ?? 'The name, note or tags are invalid.');
}

type EditOptions = { name?: string; note?: string; tag?: string[]; tags: boolean; json?: boolean } & {
  visibility?: Visibility;
};

/** `studio eval edit` */
export const editCommand = (finish: (code: number) => void): Command =>
  command('edit', "change a run's name, note, tags or visibility")
    .argument('<run>', 'ID of a run, or its first characters')
    .option('--name <text>', 'name; empty to remove it')
    .option('--note <text>', 'note; empty to remove it')
    .option('--tag <tag>', 'replace its tags; repeatable', collect)
    .option('--no-tags', 'remove its tags')
    .addOption(
      new Option(
        '--visibility <who>',
        'who can read it; published: everyone, and shown on the leaderboard',
      ).choices([...visibilities]),
    )
    .option('--json', 'print a single JSON object')
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
