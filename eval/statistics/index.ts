/** How sure a score is, and whether two runs differ. */
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
export { compareRuns, continuityP, exactP, type McNemar } from './mcnemar';
export { clusteredMean, meanOf, meanOfEstimates, type Estimate, type Uncertainty } from './mean';
export { shareEstimate, shareOf, shareUncertainty, uncertaintyOf, type Share } from './share';
export { type Verdict } from './verdict';
