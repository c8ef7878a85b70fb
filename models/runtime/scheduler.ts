import type { Manifest } from './manifest';

/**
 * Noise levels of a flow-match Euler sampler: `steps + 1` numbers falling from 1 to 0.
 *
 * σ = linspace(1, σ_min, steps), shifted to σ' = shift·σ / (1 + (shift − 1)·σ), then 0. Without `sigma_min` in
 * the manifest the last level is 1/steps. With one step there is only σ = 1.
 * Source: Esser et al. 2024 (arXiv 2403.03206, section 5.3.2); FlowMatchScheduler of DiffSynth-Studio, which
 * Nexus-Gen uses with shift 3 and σ_min 0.003/1.002.
 */
export function sigmas(scheduler: Manifest['scheduler'], steps: number): Float64Array {
  const last = scheduler.sigma_min ?? 1 / steps;
  const out = new Float64Array(steps + 1);
  for (let i = 0; i < steps; i++) {
    const sigma = steps === 1 ? 1 : 1 + ((last - 1) * i) / (steps - 1);
    out[i] = (scheduler.shift * sigma) / (1 + (scheduler.shift - 1) * sigma);
  }
  return out;
}
