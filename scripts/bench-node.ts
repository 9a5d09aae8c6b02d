/** Runs the benches in Node, on Dawn through the npm package `webgpu`. */
import { runBenches } from '../benches/run';
import type { Report } from '../benches/run';
import { wantsCard, type BenchArguments, type BenchListener } from './bench-arguments';
import { readCommit } from './bench-commit';
import { openDawn } from './dawn';

export async function benchInNode(
  { filter, peers, quick }: BenchArguments,
  listener: BenchListener,
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
      card: wantsCard(),
      gpu: await openDawn(),
    },
    { ...listener, finished: () => {} },
  );
}
