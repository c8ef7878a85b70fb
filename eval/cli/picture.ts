import type { RequestInput } from '../../models/runtime';
import { ownParametersOf, parametersOf, pictureParameters, valuesOf } from '../../models/runtime/parameters';
import type { PictureOptions } from './options';
import { showProgress } from './progress';
import { printJson } from './report';
import { polishPrompt } from './polish';
import { describe, outputPath, rounded, runOnce, writeImage } from './session';

/** The common end of `generate` and `edit`: run, write the PNG, say where it is. */
export async function makePicture(
  options: PictureOptions,
  input: Extract<RequestInput, { task: 'generate' | 'edit' }>,
): Promise<void> {
  // Checked before any work; without --out the name has the seed, which is known afterwards.
  if (options.out !== undefined) outputPath(options, options.out);
  let polished: string | undefined;
  const outcome = await runOnce(options, input, showProgress, async (model, asked) => {
    if (!options.polish) return asked;
    polished = await polishPrompt(model, asked.prompt, asked.language);
    if (!options.json) process.stdout.write(`${polished}\n`);
    return { ...asked, prompt: polished };
  });
  const { request, result, timings } = outcome;
  if (result.kind !== 'image' || request.task === 'understand') throw new Error('The model made no image.');
  const path = outputPath(options, `${request.task === 'edit' ? 'edited' : 'generated'}-${request.seed}.png`);
  const { width, height } = result.image;
  const { task, prompt, language } = request;
  const { name, version } = outcome.model.manifest;
  const parameters = valuesOf({ ...request, width, height }, parametersOf(task));
  const sha256 = await writeImage(path, result.image, {
    ...{ task, prompt, language, model: name, version, parameters },
  });
  if (options.json)
    printJson({
      ...describe(outcome),
      ...valuesOf(parameters, pictureParameters()),
      ...(polished === undefined ? {} : { polishedFrom: input.prompt }),
      ...valuesOf(parameters, ownParametersOf(task)),
      out: path,
      sha256,
      timings: rounded(timings),
    });
  else
    process.stdout.write(
      `${path} (${width}×${height}, seed ${request.seed}, ${((timings.total ?? 0) / 1000).toFixed(1)} s)\n`,
    );
}
