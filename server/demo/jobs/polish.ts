import { z } from 'zod';
import { cleanPrompt, languageOf } from '../../../models/runtime/validate';
import { polish as polishByScenes } from '../../../models/scenes/polish';
import { StudioError } from '../../platform/errors/errors';
import { activeRevision } from '../../inference/registry';
import type { EventHub } from '../../platform/db/hub';
import { languageChoiceSchema } from '../schema';
import { cancel, remove, submit, type DemoDeps, type SubmitDeps } from './service';
import { hasEnded } from './store';
import { streamEvents } from './stream';

export const polishInputSchema = z.object({
  prompt: z.string(),
  language: languageChoiceSchema.default('auto'),
});
export const polishedSchema = z.object({ prompt: z.string(), by: z.enum(['template', 'model']) });
export type Polished = z.infer<typeof polishedSchema>;

/** How long the model may take, its place in the queue included. */
const patienceMs = 30_000;
/** How long a cancelled answer is waited for. */
const endsWithinMs = 3000;

/**
 * Expands a short prompt as the active model's manifest says: by rules, or by asking the model itself, which is a job
 * of the visitor like any other, taken away when it has ended. What would be longer than a prompt may be, or empty,
 * leaves the prompt as it was.
 * @throws RequestError for an unusable prompt; StudioError CONFLICT where the model has no polishing,
 *   INFERENCE_UNAVAILABLE (`POLISHING_TOOK_TOO_LONG`, `POLISHING_FAILED`), and what `submit` throws
 */
export async function polishPrompt(
  deps: SubmitDeps & { hub: EventHub },
  visitorId: string,
  input: z.infer<typeof polishInputSchema>,
  options: { signal?: AbortSignal; patienceMs?: number } = {},
): Promise<Polished> {
  const { manifest } = await activeRevision(deps.db);
  const { polishing } = manifest;
  if (!polishing)
    throw new StudioError('CONFLICT', 'This model doesn’t support prompt expansion. Write the full prompt.', {
      reason: 'NO_POLISHING',
    });
  const prompt = cleanPrompt(manifest, input.prompt);
  const language = input.language === 'auto' ? languageOf(prompt, manifest) : input.language;
  const by = polishing.by;
  const polished =
    polishing.by === 'template'
      ? polishByScenes(prompt, language)
      : await ask(
          deps,
          visitorId,
          polishing.instruction[language].replaceAll('{}', () => prompt),
          {
            language,
            ...options,
          },
        );
  const fits = polished.trim() !== '' && [...polished].length <= manifest.parameters.prompt_length.max;
  return { prompt: fits ? polished.trim() : prompt, by };
}

async function ask(
  deps: SubmitDeps & { hub: EventHub },
  visitorId: string,
  question: string,
  options: { language: 'en' | 'zh'; signal?: AbortSignal; patienceMs?: number },
): Promise<string> {
  const limit = AbortSignal.timeout(options.patienceMs ?? patienceMs);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const { id } = await submit(deps, visitorId, {
    task: 'understand',
    prompt: question,
    language: options.language,
  });
  try {
    for await (const { event } of streamEvents(deps, visitorId, { id, after: 0, signal }))
      if (event.type === 'end') {
        if (event.generation.state === 'done') return event.generation.text ?? '';
        throw new StudioError('INFERENCE_UNAVAILABLE', 'The model could not expand this prompt. Try again.', {
          reason: 'POLISHING_FAILED',
        });
      }
    throw new StudioError(
      'INFERENCE_UNAVAILABLE',
      'The model took too long to expand this prompt. Try again when fewer jobs are waiting.',
      { reason: 'POLISHING_TOOK_TOO_LONG' },
    );
  } finally {
    await forget(deps, visitorId, id);
  }
}

/** Its answer is no part of the visitor's history. One that runs ends at its next token; if not, it stays cancelled. */
async function forget(deps: DemoDeps & { hub: EventHub }, visitorId: string, id: string): Promise<void> {
  let { state } = await cancel(deps, visitorId, id);
  const signal = AbortSignal.timeout(endsWithinMs);
  for await (const { event } of streamEvents(deps, visitorId, { id, after: 0, signal }))
    if (event.type === 'end') state = event.generation.state;
  if (hasEnded(state)) await remove(deps, visitorId, id);
}
