/** The badges without which no λ̂ is shown: each number with its threshold and a word, and the verdict in sentences. */
import type { LlcDiagnostics, LlcGroup } from '../../src/lab/experiments/llc-results';
import { LIMITS } from '../../src/slt/estimate/evidence';
import { make } from '../shared/dom';
import { sayCount, sayNumber, sayShare } from '../shared/words';

export interface Badge {
  readonly name: string;
  readonly value: string;
  readonly word: string;
  readonly rule: string;
  readonly health: 'good' | 'poor' | 'none';
  readonly help: string;
}

export interface Diagnostics {
  readonly element: HTMLElement;
  /** `exact` samplers test their steps. */
  update(group: LlcGroup | null, chains: number, exact: boolean, old: boolean): void;
}

export function createDiagnostics(): Diagnostics {
  const list = make('dl', { class: 'badges' });
  const which = make('p', { class: 'fine', id: 'badges-of' });
  const verdict = make('ul', { class: 'verdict', id: 'verdict' });
  let shown = '';
  return {
    element: make(
      'section',
      { class: 'health', 'aria-label': 'Diagnostics' },
      list,
      verdict,
      which,
    ),
    update(group, chains, exact, old) {
      const badges = badgesOf(group?.diagnostics ?? null, chains, exact);
      const key = JSON.stringify([badges, group?.verdict, old]);
      if (key === shown) return;
      shown = key;
      list.replaceChildren(...badges.map(drawBadge));
      verdict.replaceChildren(...(group?.verdict ?? []).map((text) => make('li', {}, text)));
      verdict.classList.toggle(
        'healthy',
        badges.every(({ health }) => health !== 'poor'),
      );
      which.textContent = old ? 'Of the stored run.' : '';
      list.classList.toggle('stored', old);
    },
  };
}

function drawBadge({ name, value, word, rule, health, help }: Badge): HTMLElement {
  return make(
    'div',
    { class: `badge ${health}`, title: help },
    make('dt', {}, name),
    make('dd', { class: 'value' }, value),
    make('dd', { class: 'word' }, word),
    make('dd', { class: 'rule' }, rule),
  );
}

/** Seven of them, always in this order; before there are draws they say so. */
export function badgesOf(of: LlcDiagnostics | null, chains: number, exact: boolean): Badge[] {
  const accepted = exact ? LIMITS.exactAcceptance : LIMITS.unadjustedAcceptance;
  const dash = '–';
  const badge = (
    name: string,
    rule: string,
    help: string,
    said: readonly [string, string, boolean] | null,
    why = 'no draws yet',
  ): Badge => ({
    name,
    rule,
    help,
    value: said?.[0] ?? dash,
    word: said?.[1] ?? (of === null ? 'no draws yet' : why),
    health: said === null ? 'none' : said[2] ? 'good' : 'poor',
  });
  const dead = of?.diverged.length ?? 0;
  return [
    badge(
      'R̂',
      `≤ ${LIMITS.rhat}`,
      'Rank-normalised split R̂: chains that agree with each other and with their own halves have 1.',
      of?.rhat == null ? null : [of.rhat.toFixed(3), wordRhat(of.rhat), of.rhat <= LIMITS.rhat],
      'too few draws',
    ),
    badge(
      'ESS',
      `≥ ${LIMITS.ess}`,
      'Independent draws that the correlated ones are worth, over all chains.',
      of?.ess == null
        ? null
        : [
            sayCount(of.ess),
            of.ess >= 400 ? 'plenty' : of.ess >= LIMITS.ess ? 'enough' : 'too few',
            of.ess >= LIMITS.ess,
          ],
      'too few draws',
    ),
    badge(
      'Acceptance',
      `≥ ${accepted}`,
      'Mean Metropolis acceptance of a step; of SGLD what it would be if steps were tested.',
      of?.acceptance == null
        ? null
        : [
            of.acceptance.toFixed(3),
            of.acceptance >= accepted ? 'steps are taken' : 'steps too long',
            of.acceptance >= accepted,
          ],
      'not measured',
    ),
    badge(
      'Step bias',
      `≤ ${100 * LIMITS.stepBias} %`,
      'How much of λ̂ the step size adds, implied by the acceptance: a proxy. Exact samplers have none.',
      of?.stepBias == null
        ? null
        : [
            `+${sayShare(Math.max(0, of.stepBias))}`,
            of.stepBias <= 0.01
              ? 'small'
              : of.stepBias <= LIMITS.stepBias
                ? 'slight'
                : 'ε too large',
            of.stepBias <= LIMITS.stepBias,
          ],
      exact ? 'every step tested' : 'not measured',
    ),
    badge(
      'Noise ratio',
      `≤ ${LIMITS.noiseRatio}`,
      'Mini-batch noise over the noise that the sampler adds, at the worst coordinate.',
      of?.noiseRatio == null
        ? null
        : [
            sayNumber(of.noiseRatio),
            of.noiseRatio <= LIMITS.noiseRatio ? 'small' : 'batch too small',
            of.noiseRatio <= LIMITS.noiseRatio,
          ],
      'no mini-batches',
    ),
    badge(
      'Below L(w*)',
      `mean: ≤ ${100 * LIMITS.negativeSteps} %`,
      'Share of draws whose loss lies below that at w*. If the mean over chains does, w* is no minimum for them.',
      of === null
        ? null
        : [
            sayShare(of.negative),
            of.negativeSteps === 0 ? (of.negative === 0 ? 'none' : 'few') : 'the mean, too',
            of.negativeSteps <= LIMITS.negativeSteps,
          ],
    ),
    badge(
      'Diverged',
      'none',
      'Chains that stopped being finite. They are left out, and the others go on.',
      of === null
        ? null
        : [`${dead} of ${sayCount(chains)}`, dead === 0 ? 'none' : 'left out', dead === 0],
    ),
  ];
}

function wordRhat(rhat: number): string {
  if (rhat <= 1.01) return 'mixed';
  return rhat <= LIMITS.rhat ? 'nearly mixed' : 'not mixed';
}
