/**
 * Words for a kappa, after Landis and Koch (1977), "The measurement of observer agreement for categorical data":
 * below 0 poor, then steps of 0.2.
 */
export type KappaWord = 'poor' | 'slight' | 'fair' | 'moderate' | 'substantial' | 'almostPerfect';

export function kappaWord(value: number): KappaWord {
  if (value < 0) return 'poor';
  if (value <= 0.2) return 'slight';
  if (value <= 0.4) return 'fair';
  if (value <= 0.6) return 'moderate';
  return value <= 0.8 ? 'substantial' : 'almostPerfect';
}

/**
 * Words for an alpha, after Krippendorff (2004), "Content Analysis", p. 241: rely on 0.8 and more, draw tentative
 * conclusions from 0.667 and more.
 */
export type AlphaWord = 'reliable' | 'tentative' | 'unreliable';

export function alphaWord(value: number): AlphaWord {
  if (value >= 0.8) return 'reliable';
  return value >= 0.667 ? 'tentative' : 'unreliable';
}
