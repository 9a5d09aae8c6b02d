/** A plan in words: a line per launch, totals per phase. */
import { pipelineKey } from '../gpu/pipelines';
import { bytesOf } from './arena';
import type { Dispatch, Phase } from './types';

/** A readable table. Bytes of a launch are those of the blocks it binds, each counted once: an upper bound on its traffic. */
export function describePlan(
  phases: readonly Phase[],
  { bytes, kernels }: { readonly bytes: number; readonly kernels: number },
): string {
  const lines = [`${kernels} kernels, ${formatBytes(bytes)} of device memory`];
  for (const { name, dispatches } of phases) {
    const flops = dispatches.reduce((sum, dispatch) => sum + dispatch.flops, 0);
    const traffic = dispatches.reduce((sum, dispatch) => sum + boundBytes(dispatch), 0);
    lines.push(
      '',
      `${name}: ${dispatches.length} launches, ${formatFlops(flops)}, ${formatBytes(traffic)} bound`,
    );
    dispatches.forEach((dispatch, k) => lines.push(describeDispatch(dispatch, k)));
  }
  return lines.join('\n');
}

function describeDispatch(dispatch: Dispatch, k: number): string {
  const { label, shader, overrides, groups, flops } = dispatch;
  return [
    String(k).padStart(4),
    label.padEnd(28),
    groups.join('×').padStart(14),
    formatFlops(flops).padStart(12),
    formatBytes(boundBytes(dispatch)).padStart(10),
    ` ${pipelineKey(shader, overrides)}`,
  ].join(' ');
}

function boundBytes({ bindings }: Dispatch): number {
  return [...new Set(Object.values(bindings))].reduce((sum, block) => sum + bytesOf(block), 0);
}

function formatBytes(bytes: number): string {
  return bytes < 2 ** 20
    ? `${(bytes / 2 ** 10).toFixed(1)} KiB`
    : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function formatFlops(flops: number): string {
  return flops < 1e9 ? `${(flops / 1e6).toFixed(2)} MFLOP` : `${(flops / 1e9).toFixed(2)} GFLOP`;
}
