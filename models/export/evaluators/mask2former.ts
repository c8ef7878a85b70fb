import type { EvaluatorPlan, FamilyOptions } from './plan';
import { otherModel, type Weights } from './weights';
export async function planMask2Former(weights: Weights, _options: FamilyOptions): Promise<EvaluatorPlan> {
  throw otherModel(weights, 'Mask2Former');
}
