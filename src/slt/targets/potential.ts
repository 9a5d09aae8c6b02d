/** Polynomial potentials K(w) = Σ c·∏ wᵢ^pᵢ and quadratics ½ Σ hᵢwᵢ²: no data, everything known exactly. */
import { BadConfig } from '../../gpu/errors';
import type { Graph, Node } from '../../graph/types';
import { add, multiply, scale, square } from '../../ops/elementwise';
import { normal } from '../../ops/random';
import { sum } from '../../ops/reduce';
import { data, parameter } from '../../ops/source';
import { reshape, slice } from '../../ops/view';
import { streams } from '../../random/streams';
import type { Term } from '../../chip/types';
import { potentialTheory, quadraticThermal, thermalPotential } from './potential-answers';
import type { Target, TargetPoint } from './types';

/** Σ coefficient·∏ wᵢ^power at the given points. Throws BadConfig naming `target.terms` or `target.at`. */
export function potentialTarget(
  terms: readonly Term[],
  points: readonly (readonly number[])[],
): Target {
  const variables = terms[0].powers.length;
  terms.forEach(({ powers }, k) => {
    if (powers.length === variables) return;
    throw new BadConfig(`target.terms.${k}.powers`, {
      asked: `got ${powers.length} powers`,
      limit: `the first term has ${variables}`,
      remedy: 'Give every term one power per variable, 0 where it is absent',
    });
  });
  const places = points.length > 0 ? points : [new Array<number>(variables).fill(0)];
  places.forEach((place, k) => {
    if (place.length === variables) return;
    throw new BadConfig('target.at', {
      asked: `point ${k} has ${place.length} coordinates`,
      limit: `the potential has ${variables} variables`,
      remedy: `Give ${variables} numbers`,
    });
  });
  return {
    description: `K = ${formatPotential(terms)}`,
    points: places.map((place): TargetPoint => {
      const values = Float64Array.from(place, Math.fround);
      return {
        label: `(${place.join(', ')})`,
        step: null,
        values: { w: values },
        baseline: evaluatePolynomial(terms, values),
      };
    }),
    samples: null,
    data: {},
    trace(graph) {
      const w = parameter(graph, 'w', [variables], { kind: 'zeros' });
      return { loss: tracePolynomial(w, terms), sampleLosses: null };
    },
    derivatives(point) {
      const w = Float64Array.from(places[point], Math.fround);
      return { loss: evaluatePolynomial(terms, w), gradient: { w: differentiate(terms, w) } };
    },
    chain: { kind: 'polynomial', variables, terms },
    chainReason: '',
    theory: (point) => potentialTheory(terms, places[point]),
    thermal: (point, at) => thermalPotential(terms, places[point], at),
  };
}

/** ½ Σ hᵢwᵢ² at the origin; `gradientNoise` is added to every element of every gradient. */
export function quadraticTarget(eigenvalues: readonly number[], gradientNoise: number): Target {
  const size = eigenvalues.length;
  const regular = eigenvalues.filter((h) => h > 0).length;
  return {
    description: `K = ½ Σ h w² with h = ${eigenvalues.slice(0, 6).join(', ')}${size > 6 ? ', …' : ''}`,
    points: [
      { label: 'the minimum', step: null, values: { w: new Float64Array(size) }, baseline: 0 },
    ],
    samples: null,
    data: { eigenvalues: Float32Array.from(eigenvalues) },
    trace(graph: Graph) {
      const w = parameter(graph, 'w', [size], { kind: 'zeros' });
      const h = data(graph, 'eigenvalues', [size]);
      const loss = scale(sum(multiply(h, square(w))), 0.5);
      if (gradientNoise === 0) return { loss, sampleLosses: null };
      const xi = normal(graph, [size], streams.gradientNoise);
      const noisy = add(loss, scale(sum(multiply(xi, w)), gradientNoise));
      return { loss, sampleLosses: null, noisy };
    },
    derivatives: () => ({ loss: 0, gradient: { w: new Float64Array(size) } }),
    chain: { kind: 'quadratic', eigenvalues, gradientNoise },
    chainReason: '',
    theory: () => ({ lambda: regular / 2, multiplicity: 1 }),
    thermal: (_, at) => quadraticThermal(eigenvalues, gradientNoise, at),
    largestCurvature: Math.max(...eigenvalues),
  };
}

function tracePolynomial(w: Node, terms: readonly Term[]): Node {
  const [variables] = w.shape;
  const coordinates = Array.from({ length: variables }, (_, i) =>
    reshape(slice(w, [i], [i + 1]), []),
  );
  // Powers are shared between terms: x⁴ is (x²)².
  const known = new Map<string, Node>();
  const power = (i: number, exponent: number): Node => {
    if (exponent === 1) return coordinates[i];
    const key = `${i}^${exponent}`;
    const found = known.get(key);
    if (found) return found;
    const half = power(i, Math.floor(exponent / 2));
    const made = exponent % 2 === 0 ? square(half) : multiply(square(half), coordinates[i]);
    known.set(key, made);
    return made;
  };
  return terms
    .map(({ coefficient, powers }) => {
      const factors = powers.flatMap((exponent, i) => (exponent > 0 ? [power(i, exponent)] : []));
      if (factors.length === 0) {
        throw new BadConfig('target.terms', {
          asked: 'a term without a variable',
          limit: 'a constant changes nothing: only the excess over K(w*) counts',
          remedy: 'Leave it out',
        });
      }
      return scale(factors.reduce(multiply), coefficient);
    })
    .reduce(add);
}

export function evaluatePolynomial(terms: readonly Term[], w: ArrayLike<number>): number {
  return terms.reduce(
    (total, { coefficient, powers }) =>
      total + powers.reduce((product, power, i) => product * w[i] ** power, coefficient),
    0,
  );
}

/** ∂/∂wᵢ Σ c·∏ wⱼ^pⱼ = Σ c·pᵢ·wᵢ^(pᵢ − 1)·∏_{j ≠ i} wⱼ^pⱼ. */
function differentiate(terms: readonly Term[], w: Float64Array): Float64Array {
  return w.map((_, i) =>
    evaluatePolynomial(
      terms
        .filter(({ powers }) => powers[i] > 0)
        .map(({ coefficient, powers }) => ({
          coefficient: coefficient * powers[i],
          powers: powers.map((power, j) => (j === i ? power - 1 : power)),
        })),
      w,
    ),
  );
}

const NAMES = ['x', 'y', 'z'];
const DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** x²y² + 2w₄³, short enough for a heading. */
export function formatPotential(terms: readonly Term[]): string {
  const superscript = (power: number): string =>
    power === 1 ? '' : [...String(power)].map((digit) => DIGITS[Number(digit)]).join('');
  const name = (i: number, of: number): string =>
    of === 1 ? 'w' : of <= NAMES.length ? NAMES[i] : `w${i + 1}`;
  const shown = terms.slice(0, 6).map(({ coefficient, powers }) => {
    const factors = powers
      .map((power, i) => (power > 0 ? `${name(i, powers.length)}${superscript(power)}` : ''))
      .join('');
    return `${coefficient === 1 ? '' : coefficient === -1 ? '−' : coefficient}${factors}`;
  });
  return `${shown.join(' + ')}${terms.length > 6 ? ' + …' : ''}`.replaceAll('+ −', '− ');
}
