/** Experiments by name, at once and fetched: the same ones, and the same complaint. */
import { expect, it } from 'vitest';
import { experiments, findExperiment } from '../../src/lab/experiments';
import { loadable, loadExperiment } from '../../src/lab/experiments/load';

it('are the same fetched as at once, all the more with λ̂', async () => {
  expect([...loadable].sort()).toEqual(Object.keys(experiments).sort());
  for (const experiment of loadable) {
    const whole = findExperiment({ experiment });
    expect(await loadExperiment({ experiment, llc: {}, target: { kind: 'run' } })).toBe(whole);
    const plain = await loadExperiment({ experiment, llc: null });
    expect(plain.name).toBe(whole.name);
    expect(plain.summary).toBe(whole.summary);
    expect(plain.schema).toBe(whole.schema);
  }
});

it.each(['modular-addition', 'tickets', 'lottery'])(
  'build the same %s without λ̂ when fetched without its samplers',
  async (experiment) => {
    const config = { schema: 1, experiment };
    const whole = findExperiment(config);
    const plain = await loadExperiment(config);
    const [expected, built] = [whole, plain].map((one) => one.build(one.parse(config)));
    expect(Object.keys(built)).toEqual(Object.keys(expected));
    expect(built.config).toEqual(expected.config);
    expect(built.steps).toBe(expected.steps);
    // The plain one has no samplers, and says so rather than leave λ̂ out.
    expect(() => plain.build({ ...(plain.parse(config) as object), llc: {} })).toThrow('λ̂');
  },
);

it.each([{}, { experiment: 'modular' }, { experiment: 'toString' }, null])(
  'refuse %j alike',
  async (config) => {
    const found = await loadExperiment(config).catch((error: unknown) => String(error));
    expect(() => findExperiment(config)).toThrow();
    try {
      findExperiment(config);
    } catch (error) {
      expect(found).toBe(String(error));
    }
    expect(String(found)).toContain('experiment');
  },
);

it('fetches a transformer only where the configuration names one', async () => {
  for (const experiment of ['modular-addition', 'tickets']) {
    const config = { schema: 1, experiment, network: { kind: 'transformer' } };
    expect(await loadExperiment(config)).toBe(findExperiment(config));
    const plain = await loadExperiment({ experiment });
    expect(() => plain.build(plain.parse(config))).toThrow('transformer');
  }
});
