/** Entry of a child that measures: holds the evaluators of runs. Started by measurers.ts, one process a worker. */
import { serve } from '../inference/serve';
import type { MeasureArguments } from './measurers';
import type { MeasureRequest, MeasureResult } from './measuring';

await serve<MeasureArguments, MeasureRequest, MeasureResult>(async ({ directories }) => {
  const [{ openEvaluators }, { measuring }, { sha256 }] = await Promise.all([
    import('../../eval/evaluators/open'),
    import('./measuring'),
    import('../../eval/fingerprint'),
  ]);
  const evaluators = await openEvaluators(directories);
  const identities = [evaluators.detector, evaluators.clip, evaluators.dino].flatMap(
    (one) => one?.hash ?? [],
  );
  return {
    manifest: { name: 'evaluators', version: String(identities.length) },
    hash: sha256(JSON.stringify(identities)),
    run: measuring(evaluators),
  };
});
