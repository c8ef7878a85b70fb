import { UnderTestError } from '../types';
import type { ReadySettings } from './settings';

type Limits = Pick<ReadySettings, 'maxRequests' | 'maxCost' | 'pricePerRequest'>;

/** The spending limit: attempts that reached the endpoint are counted, since any of them may have been charged. */
export interface Budget {
  readonly spent: number;
  /** @throws UnderTestError `limit` when nothing is left */
  check(): void;
  /** Takes one before an attempt is made, so that concurrent ones keep to the limit together. @throws as `check` */
  take(): void;
  /** Of an attempt that did not reach the endpoint. */
  giveBack(): void;
}

/** @param spent attempts of an earlier session of the same run */
export function openBudget({ maxRequests, maxCost, pricePerRequest }: Limits, spent = 0): Budget {
  // 0.3 / 0.1 is a little less than 3.
  const byCost =
    maxCost !== undefined && pricePerRequest ? Math.floor(maxCost / pricePerRequest + 1e-9) : Infinity;
  const most = Math.min(maxRequests ?? Infinity, byCost);
  const check = () => {
    if (spent < most) return;
    const money = pricePerRequest
      ? `, ${Number((spent * pricePerRequest).toPrecision(6))} at ${pricePerRequest} each`
      : '';
    throw new UnderTestError(
      'limit',
      `The spending limit is reached: ${spent} requests of ${most}${money}. Raise ${byCost === most ? 'maxCost' : 'maxRequests'} to continue.`,
    );
  };
  return {
    get spent() {
      return spent;
    },
    check,
    take() {
      check();
      spent += 1;
    },
    giveBack() {
      spent -= 1;
    },
  };
}
