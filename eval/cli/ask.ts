import type { Command } from 'commander';
import { addCommonOptions, command, number, type CommonOptions } from './options';
import { clearProgress, showProgress } from './progress';
import { InputError, printJson } from './report';
import { asCommand, describe, readImage, rounded, runOnce } from './session';

interface AskOptions extends CommonOptions {
  maxNewTokens?: number;
}

export function askCommand(finish: (code: number) => void): Command {
  return addCommonOptions(
    command('ask', 'ask a question, with or without an image')
      .usage('[options] [image] <question>')
      .argument('<words...>', 'optional image file, and the question')
      .option('--max-new-tokens <n>', 'maximum answer length in tokens', number),
  ).action((words: string[], options: AskOptions) =>
    asCommand(options, finish, async () => {
      const [prompt, path, ...more] = [...words].reverse();
      if (more.length > 0) throw new InputError('Too many arguments. Put the question in quotes.');
      await ask(prompt ?? '', path ?? null, options);
    }),
  );
}

async function ask(prompt: string, path: string | null, options: AskOptions): Promise<void> {
  const { language, maxNewTokens } = options;
  const image = path === null ? null : await readImage(path);
  const outcome = await runOnce(
    options,
    { task: 'understand', prompt, image, language, maxNewTokens },
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
