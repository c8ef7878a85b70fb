/** Whether raters agree. */
export {
  cohenKappa,
  fleissKappa,
  krippendorffAlpha,
  paired,
  percentAgreement,
  sizeOf,
  type Coefficient,
  type Level,
  type Undefined,
} from './coefficients';
export { agreementEstimate, agreementEstimates, type AgreementEstimate } from './estimate';
export { prevalentValue, specificAgreement, type ValueShare } from './shares';
export { countValues, type Pattern, type Units, type Value } from './units';
