/** An inference child whose model cannot be loaded, and which lingers after saying so, as one with a large model does. */
import type { FromChild } from '../../server/inference/protocol';

const failed: FromChild = {
  type: 'load-failed',
  error: { name: 'ModelError', code: 'model_missing', message: 'No model here.' },
};
process.send?.(failed);
setTimeout(() => process.exit(1), 300);
