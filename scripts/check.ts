/**
 * The self-check on Dawn in Node, for whoever writes a kernel: `node scripts/run.mjs scripts/check.ts [filter] [rounds]`.
 * `npm run lab -- check` is the same in Chrome.
 */
import { openGpu } from '../src/gpu/open';
import { runChecks } from '../src/lab/check';
import { openDawn } from './dawn';

const [filter = '', rounds = '2'] = process.argv.slice(2);
const gpu = await openGpu({ gpu: await openDawn() });
console.error(gpu.adapter);
const start = performance.now();
const { passed, failed } = await runChecks(
  gpu,
  ({ name, error, bound, passed: good, cases, where }) => {
    const share = (100 * error) / (bound || 1);
    console.log(
      `${good ? 'ok  ' : 'FAIL'} ${name.padEnd(32)} ${share.toFixed(1).padStart(8)} % of bound  ${String(cases).padStart(3)} cases  worst ${error.toExponential(2)} of ${bound.toExponential(2)} in ${where}`,
    );
  },
  { filter, rounds: Number(rounds) },
);
gpu.close();
console.log(
  `${passed} passed, ${failed} failed (${((performance.now() - start) / 1000).toFixed(1)} s)`,
);
process.exitCode = failed > 0 ? 1 : 0;
