/** How this page says an estimate, a target and a finding. */
import type { LlcConfig } from '../../src/lab/experiments/llc-schema';
import type { LlcEstimate, LlcGroup, LlcResults } from '../../src/lab/experiments/llc-results';
import { formatNumber } from '../../src/slt/estimate/format';
import { describeEstimate } from '../../src/slt/estimate/verdict';
import { valueAt, type Config } from '../shared/fields';
import type { Phase } from '../shared/ribbon';
import { sayCount, sayNumber } from '../shared/words';

export const phases: readonly Phase[] = [
  { name: 'burn-in', colour: 'norm', until: 'burned-in' },
  { name: 'sampling', colour: 'lambda', until: null },
];

/** λ̂ as a number; NaN where no chain is left. */
export function meanOf({ mean }: LlcEstimate): number {
  return mean ?? NaN;
}

/** `λ̂ = 7.02 ± 0.05 (nβ = 1e6)`, followed by what is wrong with it, if anything is. */
export function sayEstimate({ llc, verdicts }: Pick<LlcGroup, 'llc' | 'verdicts'>): string {
  if (llc.mean === null) return `λ̂ is unknown (nβ = ${sayNbeta(llc.nbeta)})`;
  return describeEstimate({ ...llc, mean: llc.mean }, verdicts);
}

/** Three significant digits, zeros kept: 0.3903 → "0.390". */
export function sayThree(value: number): string {
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1000 ? value.toPrecision(3).replace('-', '−') : sayNumber(value);
}

/** 1000000 → "1e6", 189.32 → "189.3". */
export function sayNbeta(nbeta: number): string {
  return formatNumber(nbeta, 4);
}

/** 0.5 → "1/2", 10.5 → "10.5", 5/12 → "5/12". */
export function sayLambda(lambda: number): string {
  if (lambda > 0 && lambda < 1) {
    for (let below = 2; below <= 24; below++) {
      const above = lambda * below;
      if (Math.abs(above - Math.round(above)) < 1e-9) return `${Math.round(above)}/${below}`;
    }
  }
  return String(Number(lambda.toPrecision(5)));
}

/** The settings of a group, and its point where the groups have several. */
export function sayGroup(group: LlcGroup, groups: readonly LlcGroup[]): string {
  const { lr, localization, nbeta, label } = group;
  const several = groups.some(({ point }) => point > 0);
  const where = several ? `${label}, ` : '';
  return `${where}ε = ${formatNumber(lr)}, γ = ${localization}, nβ = ${sayNbeta(nbeta)}`;
}

/** The finding: the estimate, and what it should be, as far as that is known. */
export function sayFinding(
  group: Pick<LlcGroup, 'llc' | 'thermal' | 'verdicts'>,
  theory: LlcResults['theory'],
): string {
  const parts: string[] = [];
  if (group.thermal !== null) parts.push(`exactly ${sayThree(group.thermal)} here`);
  if (theory !== null) {
    parts.push(
      `λ = ${sayLambda(theory.lambda)}${group.thermal === null ? ' by theory' : ' as nβ → ∞'}`,
    );
  }
  const known = parts.length === 0 ? '' : `; ${parts.join(', ')}`;
  return `${sayEstimate(group)}${known}`;
}

/** The target in a line, from the configuration alone. */
export function sayTarget({ target }: LlcConfig): string {
  switch (target.kind) {
    case 'potential':
      return `K = ${sayTerms(target.terms)}`;
    case 'quadratic':
      return `K = ½Σhᵢwᵢ², h = ${target.eigenvalues.slice(0, 6).join(', ')}${target.eigenvalues.length > 6 ? ' …' : ''}`;
    case 'linear-network':
      return `Linear network ${target.widths.join(' → ')}, truth of rank ${target.rank}, ${target.loss} loss`;
    case 'tanh':
      return `tanh network, ${target.hidden} hidden units, zero truth`;
    case 'superposition':
      return `Toy model of superposition, ${target.features} features in ${target.hidden} dimensions, state ${target.state}`;
    case 'relu':
      return `ReLU network ${target.widths.join(' → ')}, rescaled by ${target.rescale.join(', ')}`;
    case 'saddles':
      return `Linear network ${target.widths.join(' → ')}, trained from small weights`;
    case 'run':
      return 'Checkpoints of a training run';
  }
}

function sayTerms(terms: readonly { coefficient: number; powers: readonly number[] }[]): string {
  if (terms.length > 3) return `a polynomial of ${terms.length} terms`;
  const names = ['x', 'y', 'z'];
  const written = terms.map(({ coefficient, powers }) => {
    const factors = powers.map((power, index) => {
      const name = powers.length === 1 ? 'w' : powers.length <= 3 ? names[index] : `w${index + 1}`;
      return power === 0 ? '' : `${name}${power === 1 ? '' : sayUp(power)}`;
    });
    return `${coefficient === 1 ? '' : coefficient}${factors.join('')}`;
  });
  return written.join(' + ').replaceAll('+ -', '− ');
}

function sayUp(power: number): string {
  return [...String(power)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit))).join('');
}

const only: Readonly<Record<string, readonly string[]>> = {
  decay: ['rmsprop-sgld'],
  stability: ['rmsprop-sgld'],
  friction: ['sgnht', 'sghmc'],
  noiseEstimate: ['sghmc'],
  leapfrog: ['hmc'],
};

/** Why a setting does nothing in this configuration, or null when it does. */
export function sayIdle(path: string, config: Config): string | null {
  const method = String(valueAt(config, 'sampler.method'));
  const having = only[path.replace('sampler.', '')];
  if (having !== undefined && !having.includes(method))
    return `Only ${having.join(' and ')} has it.`;
  if (path === 'sampler.noiseLevel' && ['mala', 'hmc'].includes(method)) {
    return 'Fixed at 1 for exact samplers.';
  }
  return null;
}

const methods: Readonly<Record<LlcConfig['sampler']['method'], string>> = {
  sgld: 'SGLD',
  'rmsprop-sgld': 'RMSprop-SGLD',
  sgnht: 'SGNHT',
  sghmc: 'SGHMC',
  mala: 'MALA',
  hmc: 'HMC',
};

/** Sampler and amount of work in a line. */
export function saySampler({ sampler }: LlcConfig): string {
  const batch = sampler.batchSize === null ? '' : `, batches of ${sampler.batchSize}`;
  return `${sampler.chains} chains of ${methods[sampler.method]}${batch}, ${sayCount(sampler.draws)} draws each`;
}
