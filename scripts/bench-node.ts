/** Runs the benches in Node, on Dawn through the npm package `webgpu`. */
import { runBenches } from '../benches/run';
import type { Report } from '../benches/run';
import type { BenchArguments } from './bench-arguments';
import { readCommit } from './bench-commit';
import { openDawn } from './dawn';

export async function benchInNode(
  { filter, peers, quick }: BenchArguments,
  progress: (line: string) => void,
): Promise<Report> {
  return runBenches(
    {
      filter,
      peers,
      quick,
      commit: readCommit(),
      runtime: 'node',
      host: `Node ${process.versions.node}, Dawn`,
      driver: '',
      gpu: await openDawn(),
    },
    { progress, finished: () => {} },
  );
}
