/** Experiments by name, at once and fetched: the same ones, and the same complaint. */
import { expect, it } from 'vitest';
import { experiments, findExperiment } from '../../src/lab/experiments';
import { loadable, loadExperiment } from '../../src/lab/experiments/load';

it('are the same fetched as at once', async () => {
  expect([...loadable].sort()).toEqual(Object.keys(experiments).sort());
  for (const experiment of loadable)
    expect(await loadExperiment({ experiment })).toBe(findExperiment({ experiment }));
});

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
