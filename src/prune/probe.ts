/** Gradients and Hessian-vector products of a network at any weights, on the device or in float64. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import type { Program, ProgramSpec } from '../graph/program';
import { layoutOf, traceFlow, traceLoss, type TraceProbed } from './trace';
import { traceExact, traceFrozen } from './trace-curvature';
import type { Curvature, Probe } from './types';

export interface ProbeOptions {
  /** Traces the network and its data; called once for each kind of gradient that is asked for, on a fresh graph. */
  readonly trace: TraceProbed;
  /** `(spec) => compile(gpu, spec)` on the device, `async (spec) => interpret(spec)` in float64. */
  readonly open: (spec: ProgramSpec) => Promise<Program>;
  /** How Hv is computed; exact where every op on the way allows it, unless given. */
  readonly curvature?: Curvature;
}

export interface TracedProbe extends Probe {
  readonly curvature: Curvature;
}

/** Length of the step of the difference, as a share of ‖θ‖: in float32 shorter ones drown in rounding. */
const DIFFERENCE = 1e-3;

/**
 * Programs are made when they are first needed and kept until `dispose`. Parameters and results are [P], float32, also where the
 * program counts in float64. Throws `BadConfig` for `exact` where an op has no second derivative.
 *
 *     const probe = createProbe({ trace, open: (spec) => compile(gpu, spec) });
 *     const gradient = await probe.gradients('loss', start);
 */
export function createProbe({ trace, open, curvature: wanted }: ProbeOptions): TracedProbe {
  const layout = layoutOf(trace);
  const { stride } = layout;
  const exact = wanted === 'differences' ? null : tryExact(trace, wanted === 'exact');
  const programs = new Map<string, Promise<Program>>();
  // A program holds one set of parameters: calls wait for each other.
  let queue: Promise<unknown> = Promise.resolve();

  function programFor(of: string): Promise<Program> {
    const kind = of === 'loss' || of === 'flow' ? of : 'tempered';
    let program = programs.get(kind);
    if (!program) {
      program = open(specFor(kind));
      programs.set(kind, program);
      // What failed to open may be tried again.
      program.catch(() => programs.delete(kind));
    }
    return program;
  }

  function specFor(kind: string): ProgramSpec {
    if (kind === 'loss') return traceLoss(trace);
    if (kind === 'flow') return traceFlow(trace);
    return exact ?? traceFrozen(trace);
  }

  function evaluate(of: string, ...parts: readonly Float32Array[]): Promise<Float32Array> {
    const result = queue.then(async () => {
      const program = await programFor(of);
      // Directions or anchors, parameters too, are zero unless given.
      const parameters = new Float32Array(program.layout.stride);
      parts.forEach((part, k) => parameters.set(part, k * stride));
      program.restore({ step: 0, parameters, state: {} });
      const { outputs } = await program.advance(0, of);
      const flat = new Float32Array(stride);
      for (const { name, offset } of layout.places) flat.set(outputs![name], offset);
      return flat;
    });
    queue = result.catch(() => undefined);
    return result;
  }

  function check(what: string, values: Float32Array): void {
    if (values.length === stride) return;
    throw new ShapeMismatch(
      `${what}: ${values.length} values for ${stride} parameters, padding included; give those of one replica`,
    );
  }

  async function difference(parameters: Float32Array, vector: Float32Array): Promise<Float32Array> {
    const length = norm(vector);
    if (length === 0) return new Float32Array(stride);
    // Of weights that are all zero there is no scale: the step is as long as the vector then.
    const delta = (DIFFERENCE * (norm(parameters) || length)) / length;
    const moved = (by: number): Float32Array => parameters.map((w, k) => w + by * vector[k]);
    const ahead = await evaluate('frozen', moved(delta), parameters);
    const behind = await evaluate('frozen', moved(-delta), parameters);
    return ahead.map((value, k) => (value - behind[k]) / (2 * delta));
  }

  return {
    layout,
    curvature: exact ? 'exact' : 'differences',
    async gradients(of, parameters) {
      check('parameters', parameters);
      return evaluate(of, of === 'flow' ? parameters.map(Math.abs) : parameters);
    },
    async hessianProduct(parameters, vector) {
      check('parameters', parameters);
      check('vector', vector);
      return exact ? evaluate('product', parameters, vector) : difference(parameters, vector);
    },
    dispose() {
      for (const program of programs.values()) {
        program.then(
          (opened) => opened.dispose(),
          () => undefined,
        );
      }
      programs.clear();
    },
  };
}

/** Null where the gradient cannot be differentiated again and that is not insisted on. */
function tryExact(trace: TraceProbed, insist: boolean): ProgramSpec | null {
  try {
    return traceExact(trace);
  } catch (error) {
    if (insist || !(error instanceof BadConfig)) throw error;
    return null;
  }
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
