/**
 * The training steps of benches/step.ts as PyTorch reads them: weights, rows, the optimiser's numbers, and for each case the losses
 * before the first updates in float64.
 */
import { ADAMW, createMlpTask } from '../../benches/mlp-problem';
import { referenceLosses } from '../../benches/peers/cusp';
import {
  adamW,
  createProblem,
  shape,
  stepFlops,
  weightNames,
  weightShapes,
} from '../../benches/peers/problem';
import { benches } from '../../benches/step';
import { initialParameters } from '../../src/graph/layout';
import { interpret } from '../../src/graph/reference';
import { writeSafetensors } from '../../src/lab/safetensors';
import type { Tensor } from '../../src/lab/safetensors';

export const CHECKED_LOSSES = 3;

/** Rows of the transformer's cases. The smaller one is the first rows of the larger. */
const transformerRows = { batch512: shape.batch, paper: 3830 } as const;
export type TransformerCase = keyof typeof transformerRows;

const QUICK = { modulus: 53, width: 128, hidden: 48, rows: 715 } as const;

/** Float64 losses before each of the first updates. */
export function transformerLosses(name: TransformerCase): Promise<number[]> {
  return referenceLosses(createProblem(0, transformerRows[name]), CHECKED_LOSSES);
}

/** A safetensors file; what is not a tensor is JSON in its metadata under `problem`. */
export async function writeStep(
  losses: Readonly<Record<TransformerCase, readonly number[]>>,
): Promise<Uint8Array> {
  const quick = createMlpTask(QUICK);
  const tensors = new Map([
    ...named('transformer', transformerTensors()),
    ...named('mlp', mlpTensors(quick)),
  ]);
  const transformerCase = (name: TransformerCase, bench: string): object => {
    const rows = transformerRows[name];
    const flops = {
      'all positions': stepFlops('all positions', rows),
      'last position': stepFlops('last position', rows),
    };
    return { ...headOf(bench), network: 'transformer', rows, flops, adamW, losses: losses[name] };
  };
  const { lr: learningRate, ...others } = ADAMW;
  const cases = {
    batch512: transformerCase('batch512', 'step'),
    paper: transformerCase('paper', 'step/paper'),
    quick: {
      ...headOf('step/quick'),
      network: 'mlp',
      rows: QUICK.rows,
      adamW: { learningRate, ...others },
      losses: (await quick.losses()).map(([loss]) => loss),
    },
  };
  return writeSafetensors(tensors, { problem: JSON.stringify({ shape, cases }) });
}

/** What the report calls it, so that rows of the same work meet in one table. */
function headOf(name: string): object {
  const found = benches.find((bench) => bench.name === name);
  if (!found) throw new Error(`benches/step.ts has no case ${name}`);
  return { bench: name, title: found.title, unit: found.unit };
}

function named(network: string, tensors: Readonly<Record<string, Tensor>>): [string, Tensor][] {
  return Object.entries(tensors).map(([name, tensor]) => [`${network}.${name}`, tensor]);
}

function transformerTensors(): Record<string, Tensor> {
  const rows = Math.max(...Object.values(transformerRows));
  const { weights, tokens, targets } = createProblem(0, rows);
  return {
    ...Object.fromEntries(
      weightNames.map((name): [string, Tensor] => [
        name,
        { dtype: 'F32', shape: weightShapes[name], data: weights[name] },
      ]),
    ),
    tokens: { dtype: 'I32', shape: [rows, shape.context], data: tokens },
    targets: { dtype: 'I32', shape: [rows], data: targets },
  };
}

function mlpTensors({
  describe,
  tokens,
  labels,
}: ReturnType<typeof createMlpTask>): Record<string, Tensor> {
  const spec = describe(1);
  const { layout } = interpret(spec);
  const start = initialParameters(layout, spec.keys);
  const rows = labels.length;
  return {
    ...Object.fromEntries(
      layout.places.map(({ name, shape: extents, offset, size }): [string, Tensor] => [
        name,
        { dtype: 'F32', shape: extents, data: start.slice(offset, offset + size) },
      ]),
    ),
    tokens: { dtype: 'I32', shape: [rows, 2], data: Int32Array.from(tokens) },
    targets: { dtype: 'I32', shape: [rows], data: Int32Array.from(labels) },
  };
}
