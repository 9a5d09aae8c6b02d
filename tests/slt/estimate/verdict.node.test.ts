import { describe, expect, test } from 'vitest';
import { formatNumber, formatShare, formatWithError } from '../../../src/slt/estimate/format';
import {
  describeEstimate,
  judge,
  worstSeverity,
  type Evidence,
} from '../../../src/slt/estimate/verdict';

/** An estimate that no rule objects to. */
const fine: Evidence = {
  llc: {
    mean: 7.02,
    standardError: 0.05,
    uncertainty: { betweenChains: 0.05, mcse: 0.04, baseline: 0 },
  },
  nbeta: 1000,
  sampledParameters: 20,
  rhat: 1.003,
  ess: 4200,
  trend: { rise: 0.01, significance: 0.4 },
  acceptance: 0.99,
  stepBias: 0.01,
  noiseRatio: 0.02,
  negative: { steps: 0, beyondNoise: 0 },
  distance: 0.3,
  distanceGrowth: 1.05,
  finalExcess: 0.007,
  gradientNorm: 1e-6,
  localizationShare: 0.1,
  localizationSensitivity: -0.05,
  diverged: { count: 0, chains: 64 },
};

const codes = (change: Evidence) => judge({ ...fine, ...change }).map((one) => one.code);
const llc = (mean: number, standardError: number, baseline = 0) => ({
  mean,
  standardError,
  uncertainty: { betweenChains: standardError, mcse: standardError, baseline },
});

test('healthy', () => {
  const verdicts = judge(fine);
  expect(verdicts).toEqual([
    {
      code: 'healthy',
      severity: 'good',
      text: 'The chains agree (R̂ = 1.003, ESS = 4200), and no check found a fault.',
    },
  ]);
});

describe('each finding, and the evidence just short of it', () => {
  test.each<[string, Evidence, Evidence, string]>([
    ['not-mixed', { rhat: 1.06 }, { rhat: 1.05 }, 'R̂ = 1.06, above 1.05'],
    ['not-mixed', { ess: 99 }, { ess: 100 }, 'ESS = 99, below 100'],
    ['diverged', { diverged: { count: 3, chains: 64, firstStep: 120 } }, {}, '3 of 64 chains'],
    [
      'still-burning-in',
      { trend: { rise: -0.6, significance: 0.001 } },
      { trend: { rise: -0.6, significance: 0.02 } },
      'falls by 0.6',
    ],
    ['step-too-large', { stepBias: 0.33 }, { stepBias: 0.05 }, 'inflates λ̂ by about 33 %'],
    [
      'step-too-large',
      { measuredStepBias: { share: 0.08, standardError: 0.02 } },
      { stepBias: 0.4, measuredStepBias: { share: 0.03, standardError: 0.02 } },
      '8 % above its extrapolation',
    ],
    [
      'step-too-large',
      { stepBias: null, acceptance: 0.5 },
      { stepBias: null, acceptance: 0.7 },
      'acceptance of 0.5',
    ],
    [
      'step-too-large',
      { exact: true, acceptance: 0.1 },
      { exact: true, acceptance: 0.5, stepBias: 0.9 },
      'Only 10 %',
    ],
    ['gradient-noise', { noiseRatio: 0.25 }, { noiseRatio: 0.1 }, '1.25 times the temperature'],
    ['above-ceiling', { llc: llc(10.2, 0.05) }, { llc: llc(10.05, 0.05) }, 'exceeds 10'],
    [
      'localization-dominates',
      { localizationSensitivity: -0.5 },
      { localizationSensitivity: -0.1, localizationShare: 0.99 },
      'raise λ̂ by about 41 %',
    ],
    [
      'localization-dominates',
      { localizationSensitivity: null, localizationShare: 0.62 },
      { localizationSensitivity: null, localizationShare: 0.5 },
      'holds 62 %',
    ],
    [
      'noisy-baseline',
      {
        llc: { ...llc(7, 0.9, 0.8), uncertainty: { betweenChains: 0.1, mcse: 0.1, baseline: 0.8 } },
      },
      {
        llc: { ...llc(7, 0.9, 0.8), uncertainty: { betweenChains: 0.9, mcse: 0.1, baseline: 0.8 } },
      },
      'more draws will not help',
    ],
    [
      'noisy-baseline',
      { negative: { steps: 0.2 } },
      { negative: { steps: 0.05 } },
      '20 % of the steps',
    ],
    [
      'not-a-minimum',
      { negative: { steps: 0.2, beyondNoise: 0.1 } },
      { negative: { steps: 0, beyondNoise: 0.05 } },
      '10 % of the draws',
    ],
    // pull = 1000·g·0.3/√20 = 67.1·g; ½·pull² against 0.702: g above 0.0177.
    [
      'not-stationary-gradient',
      { gradientNorm: 0.018 },
      { gradientNorm: 0.0175 },
      'lowers λ̂ by about 0.73',
    ],
    [
      'lower-basin',
      { finalExcess: -0.001, distanceGrowth: 2 },
      { finalExcess: -5e-5, distanceGrowth: 2 },
      'fell into a lower basin',
    ],
  ])('%s', (code, change, short, words) => {
    const found = judge({ ...fine, ...change });
    expect(found.map((one) => one.code)).toEqual([code]);
    expect(found[0].severity).not.toBe('good');
    expect(found[0].text).toContain(words);
    expect(found[0].text).toMatch(/[^.]\.$/);
    expect(codes(short)).toEqual(['healthy']);
  });
});

describe('negative λ̂: which reason', () => {
  test('below by more than its error, the chains far away and lower: another basin', () => {
    const evidence = { llc: llc(-30, 2), finalExcess: -0.05, distanceGrowth: 3 };
    expect(codes(evidence)).toEqual(['lower-basin']);
    const [found] = judge({ ...fine, ...evidence });
    expect(found.severity).toBe('bad');
    expect(found.text).toBe(
      'λ̂ = −30 ± 2 is negative: the chains ended at a full-batch loss 0.05 below L(w*) and their distance from w* grew' +
        ' 3-fold: they fell into a lower basin. Raise the localization γ, shorten the chains, or estimate at the end of a' +
        ' longer training.',
    );
  });

  test('downhill close by, or nothing more known: no minimum', () => {
    expect(codes({ llc: llc(-3, 0.4), finalExcess: -0.002, distanceGrowth: 1 })).toEqual([
      'not-a-minimum',
    ]);
    const [found] = judge({ llc: llc(-3, 0.4), gradientNorm: 0.2 });
    expect(found.code).toBe('not-a-minimum');
    expect(found.text).toContain('‖∇L(w*)‖ = 0.2');
  });

  test('within the error of the baseline: the baseline', () => {
    expect(codes({ llc: llc(-1, 1.2, 1.1) })).toEqual(['noisy-baseline']);
    expect(codes({ llc: llc(-0.05, 0.1) })).toEqual(['healthy']);
  });
});

test('several findings: the worst first, each code once', () => {
  const verdicts = judge({
    ...fine,
    llc: llc(-30, 2),
    negative: { steps: 0.9 },
    rhat: 1.08,
    diverged: { count: 60, chains: 64 },
    noiseRatio: 0.2,
  });
  expect(verdicts.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'bad not-a-minimum',
    'bad diverged',
    'warning not-mixed',
    'warning gradient-noise',
  ]);
});

test('no evidence is no acquittal', () => {
  expect(judge({})).toMatchObject([{ code: 'unchecked', severity: 'warning' }]);
  expect(judge({ ...fine, ess: null })[0].text).toContain('but ESS could not be measured');
  const nothing = Object.fromEntries(Object.keys(fine).map((key) => [key, null]));
  expect(judge(nothing)).toMatchObject([{ code: 'unchecked' }]);
});

describe('in words', () => {
  test('the estimate with its temperature, and what is wrong with it', () => {
    const estimate = { mean: 7.0213, standardError: 0.0478, nbeta: 1e6 };
    expect(describeEstimate(estimate, judge(fine))).toBe('λ̂ = 7.02 ± 0.05 (nβ = 1e6)');
    expect(
      describeEstimate(
        { mean: -3.21, standardError: 0.42, nbeta: 144.7648, convention: 'n/log(n)' },
        judge({ llc: llc(-3.21, 0.42) }),
      ),
    ).toBe('λ̂ = −3.2 ± 0.4 (nβ = n/log(n) = 144.8), bad: not-a-minimum');
    expect(describeEstimate({ ...estimate, standardError: null }, [])).toBe(
      'λ̂ = 7.02, error unknown (nβ = 1e6), warning: not judged',
    );
    expect(worstSeverity(judge(fine))).toBe('good');
  });

  test.each([
    [7.0213, 0.0478, '7.02 ± 0.05'],
    [7.0213, 0.0123, '7.021 ± 0.012'],
    [7.0213, 0.0996, '7.02 ± 0.10'],
    [1234.4, 23.4, '1234 ± 23'],
    [-0.5, 0.3, '−0.5 ± 0.3'],
    [2, 0, '2 ± 0'],
    [2, NaN, '2, error unknown'],
  ])('%d ± %d', (value, error, text) => {
    expect(formatWithError(value, error)).toBe(text);
  });

  test('numbers', () => {
    const numbers = [1000, 1e6, 72382.4, -2e-7, -0.0012301, 0];
    const words = ['1000', '1e6', '72380', '−2e-7', '−0.00123', '0'];
    expect(numbers.map((x) => formatNumber(x, 4))).toEqual(words);
    expect(formatNumber(-Infinity)).toBe('−∞');
    expect(formatShare(0.05234)).toBe('5.2 %');
  });
});
