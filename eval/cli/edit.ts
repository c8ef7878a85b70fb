import type { Command } from 'commander';
import { takenNames } from '../../models/runtime';
import { addPictureOptions, command, parametersGiven, promptArgument, type PictureOptions } from './options';
import { makePicture } from './picture';
import { asCommand, readImage } from './session';

export function editCommand(finish: (code: number) => void): Command {
  return addPictureOptions(
    command('edit', 'edit an image with an instruction')
      .argument('<image>', `a ${takenNames} file`)
      .addArgument(promptArgument('what to change, e.g. "make the apples green"')),
    'edit',
  ).action((image: string, prompt: string, options: PictureOptions) =>
    asCommand(options, finish, async () => {
      const { language } = options;
      const parameters = parametersGiven(options, 'edit');
      const source = await readImage(image);
      await makePicture(options, { task: 'edit', prompt, image: source, language, ...parameters });
    }),
  );
}
