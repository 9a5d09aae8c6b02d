import { describe, expect, it } from 'vitest';
import { findBenches, isNamed } from '../../benches/registry';
import { reasonToSkip } from '../../benches/run';

const names = async (filter: string): Promise<string[]> =>
  (await findBenches(filter)).map(({ name }) => name);

describe('the list of benches', () => {
  it('has a topic for every kernel and every question, each name once', async () => {
    const all = await names('');
    expect(new Set(all).size).toBe(all.length);
    const topics = new Set(all.map((name) => name.split('/')[0]));
    const kernels =
      'matmul attention cross-entropy softmax layer-norm optimizer sampler dft random reduce gather scatter copy';
    const questions = 'step chains llc crossover scaling start measures ceiling';
    for (const topic of `${kernels} ${questions}`.split(' '))
      expect([...topics], topic).toContain(topic);
  });

  it('is filtered by parts of names with commas between', async () => {
    expect(await names('dft/113')).toEqual(['dft/113']);
    expect(await names('copy/dense, scatter/1536')).toEqual(['copy/dense', 'scatter/1536x128']);
    expect(await names('nothing')).toEqual([]);
  });
});

describe('what is left out', () => {
  const context = (fallback: boolean, quick: boolean, named: boolean) => ({
    ...{ quick, named },
    gpu: { adapter: { fallback } },
  });

  it('is what takes too long on a fallback adapter, unless it is named', () => {
    const heavy = { weight: 'heavy' } as const;
    expect(reasonToSkip(heavy, context(true, false, false))).toMatch(/fallback adapter/);
    expect(reasonToSkip(heavy, context(true, false, true))).toBeNull();
    expect(reasonToSkip(heavy, context(false, false, false))).toBeNull();
  });

  it('is all but the light ones of a quick run', () => {
    expect(reasonToSkip({}, context(false, true, false))).toMatch(/quick/);
    expect(reasonToSkip({ weight: 'light' }, context(true, true, false))).toBeNull();
    expect(reasonToSkip({}, context(true, false, false))).toBeNull();
  });

  it('is named by its whole name only', () => {
    expect(isNamed({ name: 'matmul/2048' }, 'step,matmul/2048')).toBe(true);
    expect(isNamed({ name: 'matmul/2048' }, 'matmul')).toBe(false);
    expect(isNamed({ name: 'optimizer/adamw/32M' }, 'optimizer/adamw')).toBe(false);
  });
});
