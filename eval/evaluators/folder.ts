import path from 'node:path';

/** Where evaluators are added to and found by name: EVALUATORS_DIR, seen from the project's folder. */
export const addedEvaluators = (): string => path.resolve(process.env.EVALUATORS_DIR || 'var/evaluators');
