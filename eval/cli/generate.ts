import type { Command } from 'commander';
import { addPictureOptions, command, promptArgument, type PictureOptions } from './options';
import { makePicture } from './picture';
import { asCommand } from './session';

export function generateCommand(finish: (code: number) => void): Command {
  return addPictureOptions(
    command('generate', 'make a picture from a description').addArgument(
      promptArgument('what the picture shows, e.g. "a photo of two red apples"'),
    ),
  )
    .option('--polish', 'word a short prompt as the model was trained on, print it and use it')
    .action((prompt: string, options: PictureOptions) =>
      asCommand(options, finish, () => {
        const { width, height, steps, guidance, seed, language, negative } = options;
        return makePicture(options, {
          task: 'generate',
          prompt,
          negativePrompt: negative,
          width,
          height,
          steps,
          guidance,
          seed,
          language,
        });
      }),
    );
}
