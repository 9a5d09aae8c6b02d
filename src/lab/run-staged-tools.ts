/** What a stage may use while it is made. */
import type { Gpu } from '../gpu/open';
import { openProgram } from '../graph/open-program';
import type { StageTools } from './experiments/types';
import type { RunOptions } from './run-types';

/** Programs beside the run's own, on a device that is opened when first asked for. */
export function createTools(
  { openDevice }: RunOptions,
  table: StageTools['table'],
): { readonly tools: StageTools; close(): void } {
  let gpu: Gpu | null | undefined;
  return {
    tools: {
      table,
      async open(spec) {
        if (gpu === undefined) gpu = await openDevice();
        return openProgram(gpu, spec);
      },
    },
    close: () => gpu?.close(),
  };
}
