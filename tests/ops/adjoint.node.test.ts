/** Every adjoint against central differences in float64, over the cases that the device is checked with. */
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/graph/evaluate';
import { gradients } from '../../src/graph/grad';
import { createGraph } from '../../src/graph/node';
import type { Node } from '../../src/graph/types';
import { allCases } from '../../src/lab/check/cases';
import { createDraw } from '../../src/lab/check/draw';
import type { Case } from '../../src/lab/check/types';
import { multiply } from '../../src/ops/elementwise';
import { sum } from '../../src/ops/reduce';
import { isData } from '../../src/ops/source';

const SEEDS = [1, 2, 3];
const EPSILON = 1e-6;
/** PyTorch's gradcheck: |numeric − analytic| ≤ atol + rtol·|numeric|, atol 1e-5, rtol 1e-3. */
const ABSOLUTE = 1e-5;
const RELATIVE = 1e-3;
/** Elements of a leaf that are moved; a case with more is checked at as many, evenly spread. */
const MOST_ELEMENTS = 24;

const differentiable = allCases.filter((testCase) => {
  const graph = createGraph();
  return (testCase.build(graph, createDraw(graph, 1, 1)).gradients ?? []).length > 0;
});

function isNamed(node: Node, name: string): boolean {
  return isData(node) && node.attributes.name === name;
}

/** Loss Σ w ⊙ output of a case, its leaves in question, and a way to evaluate nodes of the graph. */
function prepare(testCase: Case, seed: number) {
  const graph = createGraph();
  const draw = createDraw(graph, seed, 1);
  const { output, gradients: names = [] } = testCase.build(graph, draw);
  const weights = draw.leaf('weights of the loss', output.shape);
  const loss = sum(multiply(output, weights));
  const values = Object.fromEntries(
    Object.entries(draw.values).map(([name, drawn]) => [name, Float64Array.from(drawn)]),
  );
  const run = (nodes: readonly Node[]) =>
    evaluate(nodes, (leaf) => values[(leaf as Node<{ name: string }>).attributes.name], {
      seed,
      replica: 0,
      step: 0,
    }).map(({ data }) => data);
  const leaves = names.map((name) => {
    const node = graph.nodes.find((candidate) => isNamed(candidate, name));
    if (!node) throw new Error(`no leaf '${name}'`);
    return { name, node };
  });
  return { loss, leaves, values, run };
}

function compare(testCase: Case, seed: number): void {
  const { loss, leaves, values, run } = prepare(testCase, seed);
  const analytic = run(
    gradients(
      loss,
      leaves.map(({ node }) => node),
    ),
  );
  leaves.forEach(({ name }, k) => {
    const data = values[name];
    expect(analytic[k].length).toBe(data.length);
    const stride = Math.max(1, Math.ceil(data.length / MOST_ELEMENTS));
    for (let i = 0; i < data.length; i += stride) {
      const kept = data[i];
      data[i] = kept + EPSILON;
      const [above] = run([loss]);
      data[i] = kept - EPSILON;
      const [below] = run([loss]);
      data[i] = kept;
      const numeric = (above[0] - below[0]) / (2 * EPSILON);
      const error = Math.abs(numeric - analytic[k][i]);
      const where = `seed ${seed}: gradient of ${name}[${i}] is ${analytic[k][i]}, numeric ${numeric}`;
      expect(error, where).toBeLessThanOrEqual(ABSOLUTE + RELATIVE * Math.abs(numeric));
    }
  });
}

const names = [...new Set(differentiable.map(({ op }) => op))];

describe.each(names)('adjoint of %s', (op) => {
  const cases = differentiable.filter((testCase) => testCase.op === op);
  it.each(cases.map((testCase) => [testCase.name, testCase] as const))('%s', (_, testCase) => {
    for (const seed of SEEDS) compare(testCase, seed);
  });
});

describe('gradients of gradients', () => {
  const second = differentiable.filter(({ op }) =>
    [
      'unary',
      'binary',
      'view',
      'sum',
      'mean',
      'gather',
      'crossEntropy',
      'softmax',
      'logSoftmax',
    ].includes(op),
  );
  it.each(second.map((testCase) => [`${testCase.op}: ${testCase.name}`, testCase] as const))(
    '%s',
    (_, testCase) => {
      const inner: Case = {
        ...testCase,
        build(graph, draw) {
          const built = testCase.build(graph, draw);
          const [name] = built.gradients!;
          const leaf = graph.nodes.find((candidate) => isNamed(candidate, name))!;
          const weights = draw.leaf('weights of the inner loss', built.output.shape);
          const [gradient] = gradients(sum(multiply(built.output, weights)), [leaf]);
          return { ...built, output: gradient, gradients: [name] };
        },
      };
      for (const seed of SEEDS.slice(0, 2)) compare(inner, seed);
    },
  );
});
