// The snippet of README.md, word for word but for where it imports from (readme.node.test.ts holds both together).
import { describeEstimate, findExperiment, openGpu, startRun } from '../../src/index';
import type { LlcResults } from '../../src/index';

const config = {
  schema: 1,
  experiment: 'llc',
  target: { kind: 'potential', terms: [{ coefficient: 1, powers: [2, 2] }] }, // x²y²
  sampler: { method: 'hmc', lr: 5e-4, nbeta: 1000, chains: 64, burnin: 100, draws: 300 },
};
const { parse, build } = findExperiment(config);
const model = build(parse(config));
const run = await startRun({
  model,
  runtime: 'chrome',
  openDevice: () => openGpu(),
  onUpdate: () => undefined,
});
await run.advanceTo(model.steps);
const { llc, thermal, verdicts } = run.record().results as LlcResults;
console.log(describeEstimate(llc, verdicts), `exactly ${thermal}`); // λ̂ = 0.39 ± 0.01 (nβ = 1000) exactly 0.3903
run.dispose();
