/** NaN and infinity: what float64 makes of them is what kernels make of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import { createGraph } from '../../src/graph/node';
import type { ProgramSpec } from '../../src/graph/program';
import { interpret } from '../../src/graph/reference';
import { attentionCases } from '../../src/lab/check/cases/attention';
import { elementwiseCases } from '../../src/lab/check/cases/elementwise';
import { matmulCases } from '../../src/lab/check/cases/matmul';
import { pairCases } from '../../src/lab/check/cases/pairs';
import { reduceCases } from '../../src/lab/check/cases/reduce';
import { softmaxCases } from '../../src/lab/check/cases/softmax';
import { buildCase } from '../../src/lab/check/compare';
import type { Case } from '../../src/lab/check/types';
import { correct, crossEntropy, crossEntropyGradient } from '../../src/ops/cross-entropy';
import { crossEntropyPass } from '../../src/ops/cross-entropy-pass';
import { constant, data, parameter } from '../../src/ops/source';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu.close());

type Outputs = Readonly<Record<string, Float32Array | Float64Array>>;

async function onDevice(spec: ProgramSpec, barriers: boolean): Promise<Outputs> {
  const program = await compile({ ...gpu, traits: { ...gpu.traits, barriers } }, spec);
  const { outputs } = await program.advance(0, 'all');
  program.dispose();
  return outputs!;
}

async function inFloat64(spec: ProgramSpec): Promise<Outputs> {
  return (await interpret(spec).advance(0, 'all')).outputs!;
}

/** Kernels, by whether barriers are cheap. */
const KINDS = [
  ['of software adapters', false],
  ['of GPUs', true],
] as const;

/** One value of a row: of its label, or of a wrong class. */
const SPOILT = [NaN, Infinity, -Infinity].flatMap((value) => [
  { value, label: true },
  { value, label: false },
]);

/** A row for each, between rows of numbers; logits as parameters, since data has to be finite. */
function crossEntropies(columns: number): ProgramSpec {
  const graph = createGraph();
  const rows = 2 * SPOILT.length + 1;
  const logits = parameter(graph, 'logits', [rows, columns], { kind: 'zeros' });
  const labels = data(graph, 'labels', [rows], { dtype: 'u32' });
  const share = constant(graph, 1);
  const all = crossEntropyPass(logits, labels, { loss: true, correct: true, share });
  const start = Float32Array.from({ length: 4 * Math.ceil((rows * columns) / 4) }, (_, k) =>
    k < rows * columns ? Math.sin(k) : 0,
  );
  const y = Uint32Array.from({ length: rows }, (_, row) => row % columns);
  SPOILT.forEach(({ value, label }, k) => {
    const row = 2 * k + 1;
    start[row * columns + ((y[row] + (label ? 0 : columns - 1)) % columns)] = value;
  });
  return {
    keys: [[0, 0]],
    data: { labels: y },
    start,
    evaluations: {
      all: {
        loss: crossEntropy(logits, labels),
        correct: correct(logits, labels),
        gradient: crossEntropyGradient(logits, labels, constant(graph, 1, [rows])),
        'loss of the pass': all('loss'),
        'correct of the pass': all('correct'),
        'gradient of the pass': all('gradient'),
      },
    },
  };
}

describe.each(KINDS)('cross-entropy, kernels %s', (_, barriers) => {
  it.each([2, 5, 40, 131])('%d classes', async (columns) => {
    const spec = crossEntropies(columns);
    const [found, expected] = [await onDevice(spec, barriers), await inFloat64(spec)];
    for (const name of ['loss', 'loss of the pass', 'gradient', 'gradient of the pass']) {
      found[name].forEach((value, k) => {
        const where = `${name}, ${k}: ${value}, expected ${expected[name][k]}`;
        expect(Number.isFinite(value), where).toBe(Number.isFinite(expected[name][k]));
        if (Number.isFinite(value))
          expect(Math.abs(value - expected[name][k]), where).toBeLessThan(1e-5);
      });
    }
    for (const name of ['correct', 'correct of the pass'])
      expect([...found[name]], name).toEqual([...expected[name]]);
    // Only −∞ of a wrong class is a number's worth.
    SPOILT.forEach(({ value, label }, k) => {
      const lost = label || value !== -Infinity;
      expect(Number.isFinite(found.loss[2 * k + 1])).toBe(!lost);
      if (lost) expect(found.correct[2 * k + 1]).toBe(0);
    });
  });
});

/** Refused by a program's check where it is not finite, unless it doesn't look. */
class Unchecked extends Float32Array {
  override some(): boolean {
    return false;
  }
}

/** Of a case with one replica and a NaN in the middle of one leaf. */
function spoil(testCase: Case): { leaf: string; spec: ProgramSpec }[] {
  const { outputs, values } = buildCase(testCase, 5, 1);
  return Object.entries(values).flatMap(([leaf, clean]) => {
    if (clean instanceof Uint32Array || leaf === 'probe weights') return [];
    const bad = new Unchecked(clean);
    bad[Math.floor(bad.length / 2)] = NaN;
    const spec = {
      keys: [[5, 0] as const],
      data: { ...values, [leaf]: bad },
      evaluations: { all: { output: outputs.output } },
    };
    return [{ leaf, spec }];
  });
}

/** Ops that choose among their inputs, and what calls builtins which make numbers of a NaN. */
const chosen = [
  ...attentionCases.filter(({ name }) => /^(5|15) to|^12 tokens/.test(name)),
  ...elementwiseCases.filter(({ op, name }) => op === 'unary' || /^(max|min)imum/.test(name)),
  ...matmulCases.filter(({ op }) => op === 'fusedMatmul'),
  ...pairCases.filter(({ name }) => /^all pairs|^taken out of a base|columns/.test(name)),
  ...reduceCases.filter(({ op }) => op === 'maximumOf'),
  ...softmaxCases,
].filter((one) => sizeOf(buildCase(one, 5, 1).values) < 20_000);

function sizeOf(values: Readonly<Record<string, ArrayLike<number>>>): number {
  return Object.values(values).reduce((sum, { length }) => sum + length, 0);
}

describe('a NaN', () => {
  it.each(KINDS)('reaches what it reaches in float64, kernels %s', async (_, barriers) => {
    for (const one of chosen) {
      for (const { leaf, spec } of spoil(one)) {
        const { output: found } = await onDevice(spec, barriers);
        const { output: expected } = await inFloat64(spec);
        const hidden = expected.findIndex((value, k) => Number.isNaN(value) && !isNaN(found[k]));
        expect(hidden, `${one.op}: ${one.name}, NaN in ${leaf}`).toBe(-1);
      }
    }
  });
});
