import { languageOf, prepareRequest, type InferenceModel, type Language } from '../../models/runtime';
import { polish } from '../../models/scenes/polish';
import { InputError } from './report';

/**
 * Words a short prompt as the model's manifest says: by rules, or by asking the model.
 * @throws InputError where the model has no polishing; RequestError for an unusable prompt
 */
export async function polishPrompt(
  model: InferenceModel,
  prompt: string,
  chosen: Language | undefined,
): Promise<string> {
  const { polishing, name } = model.manifest;
  if (!polishing)
    throw new InputError(
      `--polish: the model ${name} doesn’t support prompt expansion. Write the full prompt.`,
    );
  const language = chosen ?? languageOf(prompt, model.manifest);
  if (polishing.by === 'template') return polish(prompt, language);
  const question = polishing.instruction[language].replaceAll('{}', () => prompt);
  const asked = prepareRequest(model.manifest, { task: 'understand', prompt: question, language });
  const result = await model.run(asked);
  return (result.kind === 'text' && result.text.trim()) || prompt;
}
