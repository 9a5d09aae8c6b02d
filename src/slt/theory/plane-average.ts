/**
 * The mean of a polynomial K in two variables under e^{−nβ·K − (γ/2)‖w‖²}: exact lines (line-average.ts) in one
 * variable, a quadrature over the other whose joints are 0, a ladder of scales and the turning points of K.
 */
import { averageOnLine, type LineAverage } from './line-average';
import type { PotentialTerm } from './polynomial';
import { gaussLegendre, tanhSinh } from './quadrature';
import { differentiate, realRoots } from './real-roots';
import type { Density } from './thermal-value';

/** Powers of 2 at which the density over the outer variable is sounded: 1e-15 to 1e15. */
const SOUNDINGS = 50;
const TAIL = 1e-13;
const RUNGS = 6;
const HEAVY = 1e-9;
/** e^{−1000}: beyond doubt nothing. */
const FAR = 2000;

/** K by powers of the inner variable: the coefficient of each is a polynomial in the outer. */
type Sections = readonly (readonly number[])[];

/** Mean of K with `outer` as the outer variable; null where the integral does not exist or its tail is too heavy. */
export function averageOnPlane(
  terms: readonly PotentialTerm[],
  outer: 0 | 1,
  density: Density,
  resolution: number,
): number | null {
  const sections = arrange(terms, outer);
  const line = (u: number): LineAverage | null => {
    const K = sections.map((section) => evaluateAt(section, u));
    const found = averageOnLine(K, density.nbeta, density.localization, resolution);
    return found && { ...found, logMass: found.logMass - (density.localization / 2) * u * u };
  };
  const right = sound(line, 1, density.localization);
  const left = sound(line, -1, density.localization);
  if (right === null || left === null) return null;
  const rungs = placeRungs(-left, right);
  const turns = findTurns(sections, density, -left, right);
  const joints = [...rungs, ...turns].sort((a, b) => a - b);
  const ends = tanhSinh(resolution);
  const smooth = gaussLegendre(2 * resolution, 0, 1);
  const found: { share: number; logMass: number; mean: number }[] = [];
  const visit = (u: number, share: number): void => {
    const average = line(u);
    if (average) found.push({ share, ...average });
  };
  for (let k = 1; k < joints.length; k++) {
    const [start, end] = [joints[k - 1], joints[k]];
    const length = end - start;
    if (rungs.includes(start) && rungs.includes(end) && start * end > 0) {
      smooth.nodes.forEach((x, i) => visit(start + length * x, length * smooth.weights[i]));
      continue;
    }
    ends.weights.forEach((weight, i) => {
      const { fromStart, fromEnd } = ends;
      const near = fromStart[i] < 0.5;
      const u = near ? start + length * fromStart[i] : end - length * fromEnd[i];
      if (u !== 0) visit(u, length * weight);
    });
  }
  const top = found.reduce((most, { logMass }) => Math.max(most, logMass), -Infinity);
  let [mass, moment] = [0, 0];
  for (const { share, logMass, mean } of found) {
    const part = share * Math.exp(logMass - top);
    mass += part;
    moment += part * mean;
  }
  return moment / mass;
}

/** How far the density reaches on one side: where u·density(u) has fallen below 1e-13 of its maximum for good. */
function sound(
  line: (u: number) => LineAverage | null,
  side: 1 | -1,
  localization: number,
): number | null {
  const heights: number[] = [];
  for (let k = -SOUNDINGS; k <= SOUNDINGS; k++) {
    const u = 2 ** k;
    const average = line(side * u);
    const far = localization * u * u > FAR;
    if (!average) return null;
    heights.push(average.logMass + Math.log(u));
    if (far && average.logMass < heights[0] - FAR) break;
  }
  const top = Math.max(...heights);
  const last = heights.length - 1;
  if (Math.max(heights[0], heights[last]) > top + Math.log(HEAVY)) return null;
  let k = last;
  while (k > 0 && heights[k - 1] < top + Math.log(TAIL)) k--;
  return 2 ** (k - SOUNDINGS);
}

/** 0, the ends, and a ladder between them: what changes over the logarithm of u is smooth between two rungs. */
function placeRungs(low: number, high: number): number[] {
  const shares = Array.from({ length: RUNGS }, (_, k) => 4 ** -k);
  return [0, ...shares.map((share) => share * low), ...shares.map((share) => share * high)];
}

/** Where K turns along lines of the other variable fixed at a few values: a ridge along such a line is as sharp as may be. */
function findTurns(
  sections: Sections,
  { nbeta, localization }: Density,
  low: number,
  high: number,
): number[] {
  const reach = Math.max(-low, high);
  const degree = Math.max(...sections.map((section) => section.length));
  const turns: number[] = [];
  for (const v of [0, 0.1 * reach, -0.1 * reach]) {
    const U = Array.from(
      { length: Math.max(3, degree) },
      (_, i) => nbeta * sections.reduceRight((sum, section) => sum * v + (section[i] ?? 0), 0),
    );
    U[2] += localization / 2;
    for (const u of realRoots(differentiate(U))) {
      const known = [0, ...turns].some((other) => Math.abs(other - u) < 1e-3 * reach);
      if (u > low && u < high && !known) turns.push(u);
    }
  }
  return turns;
}

/** K by powers of the inner variable. */
function arrange(terms: readonly PotentialTerm[], outer: 0 | 1): Sections {
  const sections: number[][] = [];
  for (const { coefficient, powers } of terms) {
    const [i, j] = [powers[outer], powers[1 - outer]];
    while (sections.length <= j) sections.push([]);
    while (sections[j].length <= i) sections[j].push(0);
    sections[j][i] += coefficient;
  }
  return sections;
}

function evaluateAt(section: readonly number[], u: number): number {
  return section.reduceRight((value, c) => value * u + c, 0);
}
