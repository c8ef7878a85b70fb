/**
 * What a coefficient of agreement allows, after Krippendorff (2004), "Content Analysis", p. 241: rely on 0.8 and more,
 * draw tentative conclusions from 0.667 and more. One scale for all coefficients: they are the same figure on the same
 * data but for what they take chance to be.
 */
export type AgreementLevel = 'reliable' | 'tentative' | 'unreliable';

export function agreementLevel(value: number): AgreementLevel {
  if (value >= 0.8) return 'reliable';
  return value >= 0.667 ? 'tentative' : 'unreliable';
}
