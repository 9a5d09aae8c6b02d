/**
 * What SGLD does on a quadratic, exactly: step size, minibatch noise and burn-in included.
 *
 *     L(w) = ½ Σ_j h_j w_j²        w ← w − (ε/2)·G·(nβ·(h·w + ξ) + γ·w) + √(ε·G)·σ·η,   ξ ~ N(0, σ_g²)
 *
 * is in each coordinate an autoregression w ← ρ·w + noise with, for ε read as ε·G_j,
 *
 *     a = nβ·h + γ,   ρ = 1 − ε·a/2,   v = [ε·σ² + (ε·nβ/2)²·σ_g²]/(1 − ρ²),   stable while 0 < ε·a < 4
 *     λ̂ = ½·nβ·h·v  =  ½·(nβ·h/a)/(1 − ε·a/4)   for the full batch and σ = 1
 *
 * and w² decorrelates in τ = (1 + ρ²)/(1 − ρ²) steps. w* = 0; γ pulls to it, and weight decay adds to γ.
 */
import { BadConfig, type Complaint } from '../../gpu/errors';
import { decided, type LearningCoefficient } from './coefficient';
import { fraction } from './rational';

export interface QuadraticSettings {
  /** h_j ≥ 0, one or more. */
  readonly eigenvalues: readonly number[];
  readonly nbeta: number;
  /** γ; 0 for none. */
  readonly localization: number;
  /** ε of the drift ε/2. */
  readonly lr: number;
  /** σ_g: standard deviation of the minibatch gradient in each coordinate, 0 unless given. One for all or a list. */
  readonly gradientNoise?: number | readonly number[];
  /** σ: 1 unless given, which samples the posterior. */
  readonly noiseLevel?: number;
  /** G_j of a frozen preconditioner: 1 unless given. One for all or a list. */
  readonly preconditioner?: number | readonly number[];
}

export interface QuadraticCoordinate {
  readonly eigenvalue: number;
  /** ε·G_j. */
  readonly step: number;
  /** ρ, the share of w_j that a step leaves. */
  readonly persistence: number;
  /** v, of w_j once the start is forgotten. */
  readonly variance: number;
  /** nβ·½·h_j·v. */
  readonly llc: number;
  /** Of w_j² and so of the loss, in steps: Var(mean of T draws) ≈ Var·τ/T. */
  readonly autocorrelationTime: number;
}

export interface QuadraticOracle {
  readonly nbeta: number;
  readonly coordinates: readonly QuadraticCoordinate[];
  /** nβ·E[L − L0] of the chain at this step size. */
  readonly llc: number;
  /** E[L − L0]. */
  readonly meanLoss: number;
  /** Var(L) over draws: ½ Σ h²v². */
  readonly lossVariance: number;
}

/** Which coordinate has no stationary state and why, for a BadConfig or a verdict; of several the stiffest; else null. */
export function findInstability(settings: QuadraticSettings): Complaint | null {
  const stiffnesses = readCoordinates(settings).map(({ a, step, eigenvalue }) => ({
    eigenvalue,
    stiffness: step * a,
  }));
  const { eigenvalue, stiffness } = stiffnesses.reduce((most, one) =>
    one.stiffness > most.stiffness ? one : most,
  );
  if (stiffness >= 4) {
    return {
      asked: `got ${settings.lr}, which makes ε·(nβ·h + γ) ${short(stiffness, 6)} on eigenvalue ${eigenvalue}`,
      limit: 'must be below 4, or the chain runs away',
      remedy: `Choose lr below ${shortBelow((4 * settings.lr) / stiffness)}`,
    };
  }
  const still = stiffnesses.find((one) => one.stiffness === 0);
  return still
    ? {
        asked: `got ${settings.lr}, which makes ε·(nβ·h + γ) 0 on eigenvalue ${still.eigenvalue}`,
        limit: 'must be above 0, or the chain wanders off',
        remedy: 'Choose localization above 0',
      }
    : null;
}

/** The stationary state. Throws BadConfig: `lr` where unstable, else the setting that is out of range. */
export function solveQuadratic(settings: QuadraticSettings): QuadraticOracle {
  const instability = findInstability(settings);
  if (instability) throw new BadConfig('lr', instability);
  const { nbeta } = settings;
  const coordinates = readCoordinates(settings).map(({ eigenvalue, a, step, injected }) => {
    const stiffness = step * a;
    const persistence = 1 - stiffness / 2;
    // 1 − ρ² = εa(1 − εa/4), which does not cancel for a small step.
    const variance = injected / (stiffness * (1 - stiffness / 4));
    return {
      eigenvalue,
      step,
      persistence,
      variance,
      llc: 0.5 * nbeta * eigenvalue * variance,
      autocorrelationTime: (1 + persistence ** 2) / (stiffness * (1 - stiffness / 4)),
    };
  });
  const llc = coordinates.reduce((total, one) => total + one.llc, 0);
  const lossVariance = coordinates.reduce(
    (total, { eigenvalue, variance }) => total + 0.5 * (eigenvalue * variance) ** 2,
    0,
  );
  return { nbeta, coordinates, llc, meanLoss: llc / nbeta, lossVariance };
}

/**
 * nβ·E[L − L0] in the limit ε → 0: ½ Σ nβ·h/(nβ·h + γ). Flat coordinates add nothing. Throws BadConfig naming the
 * argument.
 */
export function quadraticThermal(
  eigenvalues: readonly number[],
  nbeta: number,
  localization: number,
): number {
  checkEigenvalues(eigenvalues);
  requireAbove('nbeta', nbeta);
  spread('localization', localization, 1, 0);
  return eigenvalues.reduce(
    (total, h) => total + (h === 0 ? 0 : (0.5 * nbeta * h) / (nbeta * h + localization)),
    0,
  );
}

/** λ is half the number of eigenvalues above 0, m = 1. Throws BadConfig naming `eigenvalues`. */
export function quadraticCoefficient(eigenvalues: readonly number[]): LearningCoefficient {
  checkEigenvalues(eigenvalues);
  return decided(fraction(eigenvalues.filter((h) => h > 0).length, 2), 1);
}

export interface QuadraticTrace {
  /** E[L(w_t) − L0] after t = 0 … steps updates; entry 0 is the start. */
  readonly mean: Float64Array;
  /** Var(L(w_t)) of one chain. A mean over C chains has standard error √(variance/C). */
  readonly variance: Float64Array;
}

/**
 * Expected excess loss step by step from a fixed start (w* unless given): w_t has mean ρ^t·w_0 and variance
 * s = v·(1 − ρ^{2t}), so E[L] = Σ ½h(mean² + s) and Var(L) = Σ ¼h²(2s² + 4·mean²·s). Throws BadConfig.
 */
export function traceQuadratic(
  settings: QuadraticSettings,
  steps: number,
  start?: readonly number[],
): QuadraticTrace {
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw new BadConfig('steps', { asked: `got ${steps}`, limit: 'must be a whole number from 0' });
  }
  const { coordinates } = solveQuadratic(settings);
  const from = spread('start', start ?? 0, coordinates.length, -Infinity);
  const mean = new Float64Array(steps + 1);
  const variance = new Float64Array(steps + 1);
  coordinates.forEach(({ eigenvalue: h, persistence, variance: v }, j) => {
    // By recursion, as the chain does it: s ← ρ²·s + (1 − ρ²)·v.
    const kept = persistence ** 2;
    let [centre, s] = [from[j], 0];
    for (let t = 0; t <= steps; t++) {
      mean[t] += 0.5 * h * (centre * centre + s);
      variance[t] += 0.25 * h * h * (2 * s * s + 4 * centre * centre * s);
      centre *= persistence;
      s = kept * s + (1 - kept) * v;
    }
  });
  return { mean, variance };
}

/**
 * Standard error of λ̂ from `chains` chains of `draws` stationary draws, `thin` steps apart:
 * nβ·√(Σ ½h²v²·τ_j/(C·T)) with τ_j at ρ^thin. For T well above τ.
 */
export function quadraticStandardError(
  oracle: QuadraticOracle,
  chains: number,
  draws: number,
  thin = 1,
): number {
  const total = oracle.coordinates.reduce((sum, { eigenvalue, variance, persistence }) => {
    const kept = persistence ** (2 * thin);
    return sum + (0.5 * (eigenvalue * variance) ** 2 * (1 + kept)) / (1 - kept);
  }, 0);
  return oracle.nbeta * Math.sqrt(total / (chains * draws));
}

function readCoordinates(settings: QuadraticSettings) {
  const { eigenvalues, nbeta, localization, lr, noiseLevel = 1 } = settings;
  checkEigenvalues(eigenvalues);
  const size = eigenvalues.length;
  requireAbove('nbeta', nbeta);
  requireAbove('lr', lr);
  spread('localization', localization, 1, 0);
  spread('noiseLevel', noiseLevel, 1, 0);
  const gradientNoise = spread('gradientNoise', settings.gradientNoise ?? 0, size, 0);
  const preconditioner = spread('preconditioner', settings.preconditioner ?? 1, size, 0);
  return eigenvalues.map((eigenvalue, j) => {
    const step = lr * preconditioner[j];
    return {
      eigenvalue,
      step,
      a: nbeta * eigenvalue + localization,
      /** Variance that one step adds. */
      injected: step * noiseLevel ** 2 + ((step * nbeta) / 2) ** 2 * gradientNoise[j] ** 2,
    };
  });
}

function checkEigenvalues(eigenvalues: readonly number[]): void {
  if (eigenvalues.length === 0) {
    throw new BadConfig('eigenvalues', { asked: 'got none', limit: 'must be at least one number' });
  }
  spread('eigenvalues', eigenvalues, eigenvalues.length, 0);
}

function short(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** Four digits, rounded down: what is advised must be stable. */
function shortBelow(value: number): number {
  const near = short(value, 4);
  return near <= value * (1 + 1e-12) ? near : short(value * 0.9995, 4);
}

function requireAbove(path: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new BadConfig(path, { asked: `got ${value}`, limit: 'must be a finite number above 0' });
}

/** One number for all coordinates, or one each; finite and at least `minimum`. */
function spread(
  path: string,
  value: number | readonly number[],
  size: number,
  minimum: number,
): readonly number[] {
  const list = typeof value === 'number' ? new Array<number>(size).fill(value) : value;
  if (list.length !== size) {
    throw new BadConfig(path, { asked: `got ${list.length} numbers`, limit: `must be ${size}` });
  }
  const wrong = list.find((one) => !Number.isFinite(one) || one < minimum);
  if (wrong === undefined) return list;
  const limit = minimum === 0 ? 'must be a finite number of at least 0' : 'must be finite numbers';
  throw new BadConfig(path, { asked: `got ${wrong}`, limit });
}
