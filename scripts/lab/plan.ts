/** `lab run --plan`: what a step launches, with bytes and arithmetic, without running it. */
import { findExperiment } from '../../src/lab/experiments';
import type { SingleModel, StagedModel } from '../../src/lab/experiments/types';
import { createTable } from '../../src/lab/table';
import type { Gpu } from '../../src/gpu/open';
import { compile, type DeviceProgram } from '../../src/graph/compile';
import { driverOf } from '../../src/lab/drivers';
import type { Files } from '../../src/lab/files';
import { describePlan } from '../../src/plan/dump';
import { openNodeGpu } from './node';
import { UsageError, type Runtime } from './usage';

/** Compiles on Dawn in this process whatever the runtime: the plan depends on the adapter, so it is named. */
export async function printPlan(config: object, runtime: Runtime, files: Files): Promise<number> {
  if (runtime === 'cpu')
    throw new UsageError('--plan: the CPU reference has no plan; use chrome or node');
  const { parse, build } = findExperiment(config);
  const model = build(parse(config), files);
  const gpu = await openNodeGpu();
  let program: DeviceProgram | null = null;
  try {
    // Of a run in stages the first: the others are made of what it comes to.
    const first = 'staged' in model ? await firstStage(model, gpu) : model;
    const opened = await (await driverOf(first)).open(gpu, () => undefined);
    if (!('phases' in opened.program))
      throw new UsageError('--plan: the on-chip path is one kernel; use sampler.path=general');
    program = opened.program as DeviceProgram;
    const { phases, bytes, kernels } = program;
    console.error(describePlan(phases, { bytes, kernels }));
    console.log(
      JSON.stringify({
        adapter: gpu.adapter,
        bytes,
        kernels,
        phases: phases.map(({ name, dispatches }) => ({
          name,
          launches: dispatches.length,
          flops: dispatches.reduce((sum, { flops }) => sum + flops, 0),
        })),
      }),
    );
    return 0;
  } finally {
    program?.dispose();
    gpu.close();
  }
}

async function firstStage(model: StagedModel, gpu: Gpu): Promise<SingleModel> {
  const table = createTable(model.columns, model.entries.length, { gaps: true });
  const stage = await model.build(0, [], { table, open: (spec) => compile(gpu, spec) });
  return stage.model;
}
