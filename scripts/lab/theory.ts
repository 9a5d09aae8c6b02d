/**
 * `lab theory <kind> …`: λ and m in exact fractions, and, where it is known, the value of nβ·E[L − L0] at finite nβ.
 * One JSON object on the last line of stdout, the same in words on stderr.
 */
import {
  checkDensity,
  countWeights,
  finiteLaw,
  formatRational,
  linearNetworkCoefficient,
  potentialCoefficient,
  potentialThermal,
  quadraticCoefficient,
  quadraticThermal,
  reducedRankCoefficient,
  solveQuadratic,
  superpositionState,
  tanhCoefficient,
  tanhThermal,
  type Density,
  type LearningCoefficient,
  type ThermalValue,
  type Undecided,
} from '../../src/slt/theory';
import {
  joinNegatives,
  readNumber,
  readNumbers,
  requireNumber,
  requireNumbers,
  requireTerms,
  requireText,
  requireTogether,
  type Values,
} from './theory-options';
import { readArguments, UsageError } from './usage';

/** What a kind knows: its inputs as read, λ and m, the thermal value at a density. */
interface Answer {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly coefficient: LearningCoefficient | Undecided;
  readonly thermal: (density: Density) => ThermalValue & { readonly [extra: string]: unknown };
}

interface Kind {
  readonly options: readonly string[];
  readonly answer: (values: Values) => Answer;
}

const noQuadrature = (what: string) => (): ThermalValue => ({
  value: null,
  error: null,
  reason: `the thermal value of ${what} has no closed form here; the law and a sampler are what there is`,
});

const kinds: Readonly<Record<string, Kind>> = {
  'linear-network': {
    options: ['widths', 'rank'],
    answer(values) {
      const [widths, rank] = [requireNumbers(values, 'widths'), requireNumber(values, 'rank')];
      return {
        coefficient: linearNetworkCoefficient(widths, rank),
        inputs: { widths, rank, parameters: countWeights(widths) },
        thermal: noQuadrature('a linear network'),
      };
    },
  },
  'reduced-rank': {
    options: ['input', 'hidden', 'output', 'rank'],
    answer(values) {
      const [input, hidden, output, rank] = this.options.map((name) => requireNumber(values, name));
      return {
        coefficient: reducedRankCoefficient({ input, hidden, output, rank }),
        inputs: { input, hidden, output, rank, parameters: hidden * (input + output) },
        thermal: noQuadrature('reduced-rank regression'),
      };
    },
  },
  tanh: {
    options: ['hidden'],
    answer(values) {
      const hidden = requireNumber(values, 'hidden');
      return {
        coefficient: tanhCoefficient(hidden),
        inputs: { hidden, parameters: 2 * hidden },
        thermal: (density) => tanhThermal(hidden, density),
      };
    },
  },
  superposition: {
    options: ['features', 'state', 'hidden'],
    answer(values) {
      const features = requireNumber(values, 'features');
      const hidden = readNumber(values, 'hidden') ?? 2;
      const state = requireText(values, 'state', '5+');
      const found = superpositionState(features, state, hidden);
      const { loss, flat, deadBiases, description } = found;
      return {
        coefficient: found,
        inputs: { features, hidden, state, description, loss, flat, deadBiases },
        thermal: noQuadrature('the toy model of superposition'),
      };
    },
  },
  potential: {
    options: ['terms', 'at'],
    answer(values) {
      const terms = requireTerms(values);
      const at = readNumbers(values, 'at') ?? terms[0]?.powers.map(() => 0) ?? [];
      return {
        coefficient: potentialCoefficient(terms, at),
        inputs: { terms, at },
        thermal: (density) => potentialThermal(terms, at, density),
      };
    },
  },
  quadratic: {
    options: ['eigenvalues', 'lr', 'gradient-noise', 'noise-level'],
    answer(values) {
      requireTogether(values, 'lr', 'nbeta');
      requireTogether(values, 'gradient-noise', 'lr');
      requireTogether(values, 'noise-level', 'lr');
      const eigenvalues = requireNumbers(values, 'eigenvalues');
      const lr = readNumber(values, 'lr');
      const gradientNoise = readNumber(values, 'gradient-noise') ?? 0;
      const noiseLevel = readNumber(values, 'noise-level') ?? 1;
      return {
        coefficient: quadraticCoefficient(eigenvalues),
        inputs: { eigenvalues, ...(lr !== undefined && { lr, gradientNoise, noiseLevel }) },
        thermal({ nbeta, localization }) {
          const limit = quadraticThermal(eigenvalues, nbeta, localization);
          if (lr === undefined) return { value: limit, error: 0 };
          const settings = { eigenvalues, nbeta, localization, lr, gradientNoise, noiseLevel };
          return { value: solveQuadratic(settings).llc, error: 0, lr, continuous: limit };
        },
      };
    },
  },
};

const DEFAULT_LOCALIZATION = 1;

export function theory(args: string[]): Promise<number> {
  const [name = '', ...rest] = args;
  if (!Object.hasOwn(kinds, name)) {
    const asked = name ? `unknown kind '${name}'` : 'kind: missing';
    throw new UsageError(`${asked}; use one of ${Object.keys(kinds).join(', ')}`);
  }
  const kind = kinds[name];
  const names = [...kind.options, 'nbeta', 'localization'];
  const { values, positionals } = readArguments(
    joinNegatives(rest),
    Object.fromEntries(names.map((option) => [option, { type: 'string' as const }])),
  );
  if (positionals.length > 0) {
    throw new UsageError(`unexpected '${positionals[0]}' after ${name}; give --name value pairs`);
  }
  const density = readDensity(values);
  const { inputs, coefficient, thermal } = kind.answer(values);
  const found = density && thermal(density);
  const { lambda, exact, multiplicity } = coefficient;
  const law =
    density && lambda !== null ? finiteLaw(lambda, multiplicity, density.nbeta) : undefined;
  const reasons = [
    ...(coefficient.lambda === null ? [coefficient.reason] : []),
    ...(found ? (found.value === null ? [found.reason] : []) : ['no --nbeta for a thermal value']),
  ];
  const report = {
    kind: name,
    ...inputs,
    ...(density && { ...density }),
    lambda,
    lambdaExact: exact && formatRational(exact),
    multiplicity,
    ...(law !== undefined && { law: Number.isNaN(law) ? null : law }),
    thermal: found && found.value !== null ? { ...found, ...density } : null,
    ...(reasons.length > 0 && { reason: reasons.join('; ') }),
  };
  console.error(describe(report));
  console.log(JSON.stringify(report));
  return Promise.resolve(0);
}

/** nβ and γ where --nbeta is given. */
function readDensity(values: Values): Density | undefined {
  const nbeta = readNumber(values, 'nbeta');
  requireTogether(values, 'localization', 'nbeta');
  if (nbeta === undefined) return undefined;
  const localization = readNumber(values, 'localization') ?? DEFAULT_LOCALIZATION;
  const density = { nbeta, localization };
  checkDensity(density);
  return density;
}

function describe(report: {
  readonly lambda: number | null;
  readonly lambdaExact: string | null;
  readonly multiplicity: number | null;
  readonly thermal: { readonly value: number | null; readonly nbeta?: number } | null;
  readonly reason?: string;
}): string {
  const { lambda, lambdaExact, multiplicity, thermal, reason } = report;
  const decimal = lambdaExact?.includes('/') ? ` = ${Number(lambda!.toPrecision(6))}` : '';
  const parts =
    lambda === null ? ['λ unknown'] : [`λ = ${lambdaExact}${decimal}`, `m = ${multiplicity}`];
  if (thermal) parts.push(`nβ·E[L − L0] = ${thermal.value!.toPrecision(5)} at nβ ${thermal.nbeta}`);
  return parts.join(', ') + (reason ? ` (${reason})` : '');
}
