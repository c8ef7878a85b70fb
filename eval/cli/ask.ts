import type { Command } from 'commander';
import { leadersFirst, parametersOf } from '../../models/runtime/parameters';
import { addCommonOptions, addParameters, command, parametersGiven, type CommonOptions } from './options';
import { clearProgress, showProgress } from './progress';
import { InputError, printJson } from './report';
import { asCommand, describe, readImage, rounded, runOnce } from './session';

export function askCommand(finish: (code: number) => void): Command {
  return addCommonOptions(
    addParameters(
      command('ask', 'ask a question, with or without an image')
        .usage('[options] [image] <question>')
        .argument('<words...>', 'optional image file, and the question'),
      leadersFirst(parametersOf('understand')),
    ),
  ).action((words: string[], options: CommonOptions) =>
    asCommand(options, finish, async () => {
      const [prompt, path, ...more] = [...words].reverse();
      if (more.length > 0) throw new InputError('Too many arguments. Put the question in quotes.');
      await ask(prompt ?? '', path ?? null, options);
    }),
  );
}

async function ask(prompt: string, path: string | null, options: CommonOptions): Promise<void> {
  const { language } = options;
  const image = path === null ? null : await readImage(path);
  const outcome = await runOnce(
    options,
    { task: 'understand', prompt, image, language, ...parametersGiven(options, 'understand') },
    (event) => {
      if (event.type !== 'token') showProgress(event);
      else if (!options.json) {
        clearProgress();
        process.stdout.write(event.text);
      }
    },
  );
  const { result, timings } = outcome;
  if (result.kind !== 'text') throw new Error('The model gave no answer.');
  if (!options.json) process.stdout.write('\n');
  else
    printJson({
      ...describe(outcome),
      image: path,
      answer: result.text,
      tokens: result.tokens,
      timings: rounded(timings),
    });
}
