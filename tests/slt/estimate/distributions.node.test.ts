import { describe, expect, test } from 'vitest';
import {
  chiSquareTail,
  incompleteBeta,
  logGamma,
  normalQuantile,
  studentTwoSided,
} from '../../../src/slt/estimate/distributions';

/** |a/b − 1|, or |a| where b is 0. */
const off = (a: number, b: number) => (b === 0 ? Math.abs(a) : Math.abs(a / b - 1));

// SciPy 1.17.1: norm.ppf, gammaln, betainc, 2·t.sf, chi2.sf.
describe('against SciPy', () => {
  test.each([
    [1e-300, -37.0470962993612],
    [1e-10, -6.361340902404056],
    [1e-3, -3.090232306167813],
    [0.3, -0.5244005127080409],
    [0.5, 0],
    [0.9, 1.2815515655446004],
    [1 - 1e-9, 5.997807019601637],
  ])('normal quantile of %d', (p, x) => {
    expect(off(normalQuantile(p), x)).toBeLessThan(2e-15);
  });

  test.each([
    [0.5, 0.5723649429247],
    [1, 0],
    [3.7, 1.428072326665388],
    [12.5, 18.73434751193645],
    [5e5, 6061176.046459176],
  ])('ln Γ(%d)', (x, value) => {
    expect(off(logGamma(x), value)).toBeLessThan(1e-14);
  });

  test.each([
    [0.3, 0.5, 0.5, 0.36901011956554536],
    [0.9, 5, 0.5, 0.3166429150200122],
    [0.7, 2, 3, 0.9163],
    [0, 2, 3, 0],
    [1, 2, 3, 1],
  ])('I_%d(%d, %d)', (x, a, b, value) => {
    expect(off(incompleteBeta(x, a, b), value)).toBeLessThan(1e-13);
  });

  test('incomplete beta far out: ln Γ(5e5) has ten digits left after its subtraction', () => {
    expect(off(incompleteBeta(0.999998, 5e5, 0.5), 0.15729910327878688)).toBeLessThan(1e-8);
  });

  test.each([
    [0.3536, 1, 0.7836267289187704],
    [2.83, 1000, 0.004747981439697062],
    [2.2, 10, 0.05244106844935316],
  ])('P(|T| > %d), %d degrees', (t, freedom, value) => {
    expect(off(studentTwoSided(t, freedom), value)).toBeLessThan(1e-11);
  });

  test.each([
    [3.84, 1, 0.05004352124870519],
    [0.1, 3, 0.9918374237318764],
    [50, 10, 2.669083424904495e-7],
    [9, 9, 0.43727418891386693],
    [0, 2, 1],
  ])('P(χ² > %d), %d degrees', (x, freedom, value) => {
    expect(off(chiSquareTail(x, freedom), value)).toBeLessThan(1e-13);
  });
});
