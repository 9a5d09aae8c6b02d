/**
 * Critical points of the toy model of superposition with two hidden units, by name: "5+" is a pentagon and one
 * left-out column with positive bias; the columns that remain are dead.
 *
 *   vertex      column at 2πj/k of the optimal length, optimal bias (polygon.ts)
 *   plus        column 0, bias 1/(2c): costs 1/(3c) − 1/(4c²) of the loss
 *   dead        column 0, bias DEAD_BIAS: costs 1/(3c) whatever the negative bias
 *
 * λ counts directions, for these are regular minima up to flat ones (Chen, Lau, Mendel, Wei & Murfet,
 * arXiv 2310.06301): λ = (3c − flat)/2, m = 1, with flat = 1 for the rotation (3 for a triangle, whose angles are
 * free as no two vertices meet), 1 per dead column for its bias, and 2 more per dead column where the vertices'
 * bias is negative, since a short extra column then changes nothing. Where the point is a saddle there is no λ.
 */
import { BadConfig } from '../../gpu/errors';
import { decided, undecided, type LearningCoefficient, type Undecided } from './coefficient';
import { optimalPolygon, vertexDirection } from './polygon';
import { fraction } from './rational';
import { superpositionLoss } from './superposition-loss';

export { superpositionGradient, superpositionLoss } from './superposition-loss';

/**
 * Bias of a dead column. Any negative number has the same loss; −1 is far enough from 0 (7 standard deviations of
 * a localisation of 50) that a chain does not stray over the edge, beyond which lower losses lie.
 */
export const DEAD_BIAS = -1;

const MOST_FEATURES = 1000;
/** From the decagon on a k-gon is a saddle: the Hessian has negative eigenvalues for k = 10, 12 and none for 5 … 9. */
const MOST_STABLE_VERTICES = 9;
/** Up to here a square with both kinds of column beside it held descents from near by; from 9 on some fell. */
const MOST_MIXED_FEATURES = 8;

interface SuperpositionPoint {
  readonly features: number;
  readonly state: string;
  /** Row-major [2, features]. In the flat layout `W` comes first, then `b`. */
  readonly W: Float64Array;
  /** [features] */
  readonly b: Float64Array;
  /** L at the point. */
  readonly loss: number;
  /** Indices into `b` of the dead columns; add 2·features for the flat layout. */
  readonly deadBiases: readonly number[];
  /** Number of flat directions that the rule counts. */
  readonly flat: number;
  readonly description: string;
}

export type SuperpositionState = SuperpositionPoint & (LearningCoefficient | Undecided);

/**
 * The point named `state`, a number of vertices and a plus for each positive bias: "6", "5+", "4++". Throws
 * BadConfig naming `state`, `features` or `hidden` (k-gons are planar: 2). Dead columns get the bias `deadBias` < 0.
 */
export function superpositionState(
  features: number,
  state: string,
  hidden = 2,
  deadBias = DEAD_BIAS,
): SuperpositionState {
  const { vertices, pluses } = readState(features, state, hidden);
  const dead = features - vertices - pluses;
  const polygon = optimalPolygon(vertices);
  const W = new Float64Array(2 * features);
  const b = new Float64Array(features).fill(deadBias);
  for (let j = 0; j < vertices; j++) {
    const [x, y] = vertexDirection(j, vertices);
    W[j] = polygon.length * x;
    W[features + j] = polygon.length * y;
  }
  b.fill(polygon.bias, 0, vertices);
  b.fill(1 / (2 * features), vertices, vertices + pluses);
  const turns = vertices === 3 ? 3 : 1;
  const flat = turns + dead * (polygon.bias < 0 ? 3 : 1);
  return {
    features,
    state,
    W,
    b,
    loss: superpositionLoss(features, 2, W, b),
    deadBiases: Array.from({ length: dead }, (_, i) => vertices + pluses + i),
    flat,
    description: describeState(vertices, pluses, dead),
    ...(findSaddle(vertices, pluses, dead) ?? decided(fraction(3 * features - flat, 2), 1)),
  };
}

/** Why the point is no minimum, if it is none. */
function findSaddle(vertices: number, pluses: number, dead: number): Undecided | null {
  if (vertices > MOST_STABLE_VERTICES) {
    return undecided(
      `the ${vertices}-gon is a saddle (from 10 vertices on neighbours gain by moving apart)`,
    );
  }
  // The output of a plus sees every input through b·(w·w₊): a term of first order in both, with nothing of
  // second order in w to hold it where w is a flat column or the triangle's free angles.
  if (pluses > 0 && vertices === 3) {
    return undecided(
      'a triangle with a positive bias beside it is a saddle: its free angles let the column grow',
    );
  }
  if (pluses > 0 && dead > 0 && vertices >= 5) {
    return undecided(
      'a positive bias beside a dead column is a saddle where the polygon has negative bias: the two columns grow apart',
    );
  }
  if (pluses > 0 && dead > 0 && vertices + pluses + dead > MOST_MIXED_FEATURES) {
    return undecided(
      `positive biases and dead columns beside a square can be a saddle beyond ${MOST_MIXED_FEATURES} features`,
    );
  }
  return null;
}

function readState(features: number, state: string, hidden: number) {
  if (hidden !== 2) {
    throw new BadConfig('hidden', {
      asked: `got ${hidden}`,
      limit: 'must be 2, for polygons lie in a plane',
      remedy: 'Set hidden to 2',
    });
  }
  if (!Number.isInteger(features) || features < 3 || features > MOST_FEATURES) {
    throw new BadConfig('features', {
      asked: `got ${features}`,
      limit: `must be a whole number from 3 to ${MOST_FEATURES}`,
    });
  }
  const found = /^([1-9]\d{0,3})(\+*)$/.exec(state);
  const remedy = `Name a state such as "${Math.min(features, 5)}"${features > 4 ? ' or "4+"' : ''}`;
  if (!found) {
    const shown = JSON.stringify(state.length > 20 ? `${state.slice(0, 20)}…` : state);
    throw new BadConfig('state', {
      asked: `got ${shown}`,
      limit: 'must be a number of vertices and a plus for each positive bias',
      remedy,
    });
  }
  const [vertices, pluses] = [Number(found[1]), found[2].length];
  if (vertices < 3) {
    throw new BadConfig('state', {
      asked: `got "${state}"`,
      limit: 'a polygon has at least 3 vertices',
      remedy,
    });
  }
  if (vertices + pluses > features) {
    throw new BadConfig('state', {
      asked: `"${found[1]}${'+'.repeat(Math.min(pluses, 20))}" takes ${vertices + pluses} columns`,
      limit: `there are ${features}, one per feature`,
      remedy,
    });
  }
  return { vertices, pluses };
}

function describeState(vertices: number, pluses: number, dead: number): string {
  const parts = [`${vertices}-gon`];
  if (pluses > 0) parts.push(`${pluses} left-out with positive bias`);
  if (dead > 0) parts.push(`${dead} dead`);
  return parts.join(', ');
}
