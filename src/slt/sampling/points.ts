/** What is measured once at every point w* before the chains start: per-sample losses, L(w*) and its gradient. */
import type { Gpu } from '../../gpu/open';
import { openProgram } from '../../graph/open-program';
import { gradients } from '../../graph/grad';
import { createGraph } from '../../graph/node';
import type { ProgramSpec } from '../../graph/program';
import type { Target } from '../targets/types';
import { parametersByName } from './leaves';
import type { SamplingSetup } from './setup';

export interface MeasuredPoints {
  /** L(w*), one a point. */
  readonly baseline: readonly number[];
  /** ℓ_i(w*) [A, n]; null for a population loss. */
  readonly losses: Float32Array | null;
  /** ∇L(w*) [A, P]. */
  readonly gradient: Float32Array;
  /** ‖∇L(w*)‖ over sampled elements, one a point. */
  readonly gradientNorm: readonly number[];
}

/** Points measured together: bounds the memory that their activations take. */
const POINTS_AT_ONCE = 64;

/** On the device where there are samples, so that a baseline has the device's rounding; in float64 for population losses. */
export async function measurePoints(
  gpu: Gpu | null,
  setup: SamplingSetup,
): Promise<MeasuredPoints> {
  const { target, layout, mask } = setup;
  const count = target.points.length;
  const { stride } = layout;
  const gradient = new Float32Array(count * stride);
  const losses = target.samples === null ? null : new Float32Array(count * target.samples);
  const baseline: number[] = [];
  for (let point = 0; target.derivatives && point < count; point++) {
    const own = target.derivatives(point);
    for (const { name, offset } of layout.places)
      gradient.set(own.gradient[name], point * stride + offset);
    baseline.push(target.points[point].baseline ?? own.loss);
  }
  for (let from = target.derivatives ? count : 0; from < count; from += POINTS_AT_ONCE) {
    const points = Math.min(POINTS_AT_ONCE, count - from);
    const { spec, names } = traceProbe(setup, from, points);
    const device = target.samples === null ? null : gpu;
    const program = await openProgram(device, spec);
    try {
      const { outputs } = await program.advance(0, 'points');
      names.forEach((name, k) => {
        const { offset, size } = layout.places[k];
        const values = outputs![name];
        for (let p = 0; p < points; p++)
          gradient.set(values.subarray(p * size, (p + 1) * size), (from + p) * stride + offset);
      });
      const samples = target.samples ?? 0;
      if (losses) losses.set(outputs!['losses'], from * samples);
      for (let p = 0; p < points; p++) {
        const own = losses?.subarray((from + p) * samples, (from + p + 1) * samples);
        const measured = own
          ? own.reduce((sum, loss) => sum + loss, 0) / samples
          : outputs!['loss'][p];
        baseline.push(target.points[from + p].baseline ?? measured);
      }
    } finally {
      program.dispose();
    }
  }
  const gradientNorm = baseline.map((_, point) => {
    const own = gradient.subarray(point * stride, (point + 1) * stride);
    return Math.sqrt(own.reduce((sum, value, i) => sum + mask[i] * value * value, 0));
  });
  return { baseline, losses, gradient, gradientNorm };
}

/** Data of some of the points. A target with several points declares it replicated, also where one is left. */
function slicePoints(
  { points, perPoint = {} }: Target,
  from: number,
  count: number,
): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(perPoint).map(([name, all]) => {
      const size = all.length / points.length;
      return [name, all.slice(from * size, (from + count) * size)];
    }),
  );
}

function traceProbe({ target, layout, anchors }: SamplingSetup, from: number, points: number) {
  const graph = createGraph();
  const { loss, sampleLosses } = target.trace(graph);
  const parameters = parametersByName(graph);
  const nodes = layout.places.map(({ name }) => parameters.get(name)!);
  const byParameter = gradients(loss, nodes);
  const names = layout.places.map((_, k) => `gradient ${k}`);
  const spec: ProgramSpec = {
    keys: Array.from({ length: points }, (_, k) => [0, k] as const),
    data: { ...target.data, ...slicePoints(target, from, points) },
    start: anchors.slice(from * layout.stride, (from + points) * layout.stride),
    evaluations: {
      points: {
        loss,
        ...Object.fromEntries(names.map((name, k) => [name, byParameter[k]])),
        ...(sampleLosses && { losses: sampleLosses(null) }),
      },
    },
  };
  return { spec, names };
}
