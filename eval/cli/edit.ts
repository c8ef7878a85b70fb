import { Option, type Command } from 'commander';
import { takenNames, type Decoder } from '../../models/runtime';
import { addPictureOptions, command, promptArgument, type PictureOptions } from './options';
import { makePicture } from './picture';
import { asCommand, readImage } from './session';

export function editCommand(finish: (code: number) => void): Command {
  return addPictureOptions(
    command('edit', 'edit an image with an instruction')
      .argument('<image>', `a ${takenNames} file`)
      .addArgument(promptArgument('what to change, e.g. "make the apples green"'))
      .addOption(
        new Option(
          '--decoder <decoder>',
          'editing keeps what the instruction does not mention; generation redraws the image',
        ).choices(['generation', 'editing']),
      ),
  ).action((image: string, prompt: string, options: PictureOptions & { decoder?: Decoder }) =>
    asCommand(options, finish, async () => {
      const { decoder, width, height, steps, guidance, seed, language, negative } = options;
      const settings = { decoder, width, height, steps, guidance, seed, language, negativePrompt: negative };
      await makePicture(options, { task: 'edit', prompt, image: await readImage(image), ...settings });
    }),
  );
}
