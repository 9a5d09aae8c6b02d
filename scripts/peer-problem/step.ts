/**
 * The training step as PyTorch reads it: weights and rows of benches/peers/problem.ts, the optimiser's numbers, and for each case the
 * losses before the first updates in float64.
 */
import { referenceLosses } from '../../benches/peers/cusp';
import {
  adamW,
  createProblem,
  shape,
  stepFlops,
  weightNames,
  weightShapes,
} from '../../benches/peers/problem';
import { writeSafetensors } from '../../src/lab/safetensors';
import type { Tensor } from '../../src/lab/safetensors';

export const CHECKED_LOSSES = 3;

/** Rows of each case. The smaller ones are the first rows of the larger. */
export const stepCases = { quick: 64, batch512: shape.batch, paper: 3830 } as const;
export type StepCase = keyof typeof stepCases;

/** Float64 losses before each of the first updates. */
export function stepLosses(name: StepCase): Promise<number[]> {
  return referenceLosses(createProblem(0, stepCases[name]), CHECKED_LOSSES);
}

/** A safetensors file; what is not a tensor is JSON in its metadata under `problem`. */
export function writeStep(losses: Readonly<Record<StepCase, readonly number[]>>): Uint8Array {
  const names = Object.keys(stepCases) as StepCase[];
  const largest = Math.max(...Object.values(stepCases));
  const { weights, tokens, targets } = createProblem(0, largest);
  const floats = weightNames.map((name): [string, Tensor] => [
    name,
    { dtype: 'F32', shape: weightShapes[name], data: weights[name] },
  ]);
  const tensors = new Map<string, Tensor>([
    ...floats,
    ['tokens', { dtype: 'I32', shape: [largest, shape.context], data: tokens }],
    ['targets', { dtype: 'I32', shape: [largest], data: targets }],
  ]);
  const flopsOf = (rows: number) => ({
    'all positions': stepFlops('all positions', rows),
    'last position': stepFlops('last position', rows),
  });
  const cases = names.map((name) => {
    const rows = stepCases[name];
    return [name, { rows, flops: flopsOf(rows), losses: losses[name] }];
  });
  const problem = JSON.stringify({ shape, adamW, cases: Object.fromEntries(cases) });
  return writeSafetensors(tensors, { problem });
}
