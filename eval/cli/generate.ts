import type { Command } from 'commander';
import { addPictureOptions, command, parametersGiven, promptArgument, type PictureOptions } from './options';
import { makePicture } from './picture';
import { asCommand } from './session';

export function generateCommand(finish: (code: number) => void): Command {
  return addPictureOptions(
    command('generate', 'generate an image from a description').addArgument(
      promptArgument('description of the image, e.g. "a photo of two red apples"'),
    ),
    'generate',
  )
    .option('--polish', 'expand a short prompt to the wording the model was trained on, print it and use it')
    .action((prompt: string, options: PictureOptions) =>
      asCommand(options, finish, () => {
        const { language } = options;
        const parameters = parametersGiven(options, 'generate');
        return makePicture(options, { task: 'generate', prompt, language, ...parameters });
      }),
    );
}
