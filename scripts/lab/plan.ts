/** `lab run --plan`: what a step launches, with bytes and arithmetic, without running it. */
import { findExperiment } from '../../src/lab/experiments';
import { compile, type DeviceProgram } from '../../src/graph/compile';
import { describePlan } from '../../src/plan/dump';
import { openNodeGpu } from './node';
import { UsageError, type Runtime } from './usage';

/** Compiles on Dawn in this process whatever the runtime: the plan depends on the adapter, so it is named. */
export async function printPlan(config: object, runtime: Runtime): Promise<number> {
  if (runtime === 'cpu')
    throw new UsageError('--plan: the CPU reference has no plan; use chrome or node');
  const { parse, build } = findExperiment(config);
  const model = build(parse(config));
  const gpu = await openNodeGpu();
  let program: DeviceProgram | null = null;
  try {
    program = await compile(gpu, {
      keys: model.keys,
      data: model.data,
      training: { loss: model.loss, metrics: model.metrics, update: model.update },
      evaluations: { metrics: model.evaluation, views: model.views },
    });
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
