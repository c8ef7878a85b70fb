import { createHash } from 'node:crypto';
import type { EvaluatorIdentity } from './evaluators';

/** An evaluator in a fingerprint. */
export type Measurer = Pick<EvaluatorIdentity, 'kind' | 'name' | 'version' | 'hash'>;

export const measurer = ({ kind, name, version, hash }: EvaluatorIdentity): Measurer => ({
  kind,
  name,
  version,
  hash,
});

/**
 * What a score depends on, with an `id`: the sha256 of the rest as JSON, in hex. Scores of different fingerprints are
 * not compared.
 */
export function fingerprint<Parts extends object>(parts: Parts): { id: string } & Parts {
  return { id: sha256(JSON.stringify(parts)), ...parts };
}

/** In hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
