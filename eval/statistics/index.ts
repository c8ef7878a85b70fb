/** How sure a score is, whether two runs differ, whether people agree, and what they prefer. */
export * from './agreement';
export {
  bootstrapDefaults,
  bootstrapInterval,
  pairedBootstrap,
  pairedDifference,
  resampling,
  type BootstrapOptions,
  type PairedDifference,
  type PairedOptions,
} from './bootstrap';
export { holm, letterGroups } from './letters';
export { compareRuns, continuityP, exactP, type McNemar } from './mcnemar';
export { clusteredMean, meanOf, meanOfEstimates, type Estimate, type Uncertainty } from './mean';
export { spearman } from './rank-correlation';
export { rateModels, type ModelRating, type PairVote, type RatingTable } from './rating';
export { resamplingDefaults, type ResamplingOptions } from './resampling';
export { shareEstimate, shareOf, shareUncertainty, uncertaintyOf, type Share } from './share';
export { type Verdict } from './verdict';
