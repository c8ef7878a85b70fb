import { zodResolver } from '@hookform/resolvers/zod';
import type { ResolverOptions } from 'react-hook-form';
import type { ModelInfo } from '@/server/demo/schema';
import { composerSchema, type FormOutput } from '../../_request/form-schema';
import type { Draft } from '../../_request/draft';

/** The limits come with the model, so the schema is made for each check. Loaded when the form is first used. */
export function resolveDraft(draft: Draft, context: { model: ModelInfo }, options: ResolverOptions<Draft>) {
  const schema = composerSchema(draft, context.model);
  return zodResolver<Draft, { model: ModelInfo }, FormOutput>(schema as never)(draft, context, options);
}
