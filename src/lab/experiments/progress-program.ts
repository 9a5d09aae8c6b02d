/** A program whose steps are those of the training it looks back on: it puts each checkpoint in and measures it there. */
import type { Advance, Program } from '../../graph/program';
import { MEASURE } from './progress-graph';

export interface Frame {
  readonly step: number;
  /** [P] */
  readonly parameters: Float32Array;
}

/**
 * `inner` evaluates `MEASURE`; the rest is made here. Between two checkpoints a step costs nothing, and an evaluation where there is
 * no checkpoint gives no outputs.
 */
export function measuringProgram(inner: Program, frames: readonly Frame[]): Program {
  let step = frames[0].step;
  let queue: Promise<unknown> = Promise.resolve();

  async function measure(firstStep: number, count: number, wanted: boolean): Promise<Advance> {
    const frame = frames.find((one) => one.step === firstStep + count);
    const rows = new Float64Array(0);
    if (!wanted || !frame) {
      return { firstStep, count, rows, outputs: null, milliseconds: 0, deviceMilliseconds: null };
    }
    inner.restore({ ...frame, state: {} });
    const { outputs, milliseconds, deviceMilliseconds } = await inner.advance(0, MEASURE);
    return { firstStep, count, rows, outputs, milliseconds, deviceMilliseconds };
  }

  return {
    layout: inner.layout,
    replicas: 1,
    metrics: [],
    limit: 1_000_000_000,
    get step() {
      return step;
    },
    advance(count, evaluation) {
      const firstStep = step;
      step += count;
      // One after the other: the parameters are put in before each.
      const result = queue.then(() => measure(firstStep, count, evaluation !== undefined));
      queue = result.catch(() => undefined);
      return result;
    },
    async save() {
      await queue;
      const { parameters } = frames.findLast((one) => one.step <= step) ?? frames[0];
      return { step, parameters: parameters.slice(), state: {} };
    },
    restore(snapshot) {
      step = snapshot.step;
    },
    dispose: () => inner.dispose(),
  };
}
