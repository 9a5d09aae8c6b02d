/** Rules about the chains: did they run, mix, settle, and sample what they were told to. */
import { LIMITS, verdict, type Rule } from './evidence';
import { formatNumber as number, formatShare as share } from './format';

const diverged: Rule = ({ diverged: lost }) => {
  if (!lost || lost.count === 0) return null;
  const when = lost.firstStep == null ? '' : `, the first at step ${lost.firstStep}`;
  const rest =
    lost.count === lost.chains
      ? 'none is left'
      : 'they are left out, and the others may be about to follow';
  return verdict(
    'diverged',
    2 * lost.count >= lost.chains ? 'bad' : 'warning',
    `${lost.count} of ${lost.chains} chains diverged${when}: ${rest}. Lower the step size, or raise the localization.`,
  );
};

const notMixed: Rule = ({ rhat, ess }) => {
  const disagree = rhat != null && rhat > LIMITS.rhat;
  const few = ess != null && ess < LIMITS.ess;
  if (!disagree && !few) return null;
  const found = [
    disagree
      ? `R̂ = ${number(rhat, 4)}, above ${LIMITS.rhat}: the chains have not found the same distribution`
      : null,
    few
      ? `ESS = ${number(ess, 2)}, below ${LIMITS.ess}: the draws are too few or too alike for the error to be trusted`
      : null,
  ].filter((part) => part !== null);
  const bad = (rhat ?? 1) > LIMITS.rhatBad || (ess ?? Infinity) < LIMITS.essBad;
  return verdict(
    'not-mixed',
    bad ? 'bad' : 'warning',
    `${found.join('; ')}. Take more draws and a longer burn-in, or a larger step if the acceptance allows it.`,
  );
};

const stillBurningIn: Rule = ({ trend, llc }) => {
  if (!trend || trend.significance >= LIMITS.trendSignificance) return null;
  const against = Math.abs(llc?.mean ?? 0);
  if (Math.abs(trend.rise) <= LIMITS.trendShare * against) return null;
  return verdict(
    'still-burning-in',
    'warning',
    `nβ·loss still ${trend.rise > 0 ? 'rises' : 'falls'} by ${number(Math.abs(trend.rise), 2)} over the draws kept` +
      ` (chance of that without a trend: ${share(trend.significance)}). Lengthen the burn-in.`,
  );
};

const stepTooLarge: Rule = ({ measuredStepBias, stepBias, acceptance, exact }) => {
  const lower = 'Lower the step size and take more draws, or use an exact sampler (mala, hmc).';
  if (exact) {
    if (acceptance == null || acceptance >= LIMITS.exactAcceptance) return null;
    return verdict(
      'step-too-large',
      'warning',
      `Only ${share(acceptance)} of the proposals are accepted: the estimate is unbiased but the chain hardly moves.` +
        ` Lower the step size.`,
    );
  }
  const severity = (bias: number) => (bias > LIMITS.stepBiasBad ? 'bad' : 'warning');
  if (measuredStepBias) {
    // Measured beats implied: where the extrapolation finds no bias, the proxy does not speak.
    const { share: bias, standardError } = measuredStepBias;
    const sure = Math.abs(bias) > LIMITS.errors * standardError;
    if (!sure || Math.abs(bias) <= LIMITS.stepBias) return null;
    return verdict(
      'step-too-large',
      severity(Math.abs(bias)),
      `λ̂ at this step size is ${share(Math.abs(bias))} ${bias > 0 ? 'above' : 'below'} its extrapolation to ε = 0. ${lower}`,
    );
  }
  if (stepBias != null && stepBias > LIMITS.stepBias) {
    const from = acceptance == null ? '' : `An acceptance of ${number(acceptance)} implies that `;
    return verdict(
      'step-too-large',
      severity(stepBias),
      `${from}${from ? 't' : 'T'}he step size inflates λ̂ by about ${share(stepBias)} (as on a quadratic of as many dimensions). ${lower}`,
    );
  }
  if (stepBias == null && acceptance != null && acceptance < LIMITS.unadjustedAcceptance) {
    return verdict(
      'step-too-large',
      'bad',
      `An acceptance of ${number(acceptance)} is as low as no stable step size has on a quadratic. ${lower}`,
    );
  }
  return null;
};

const gradientNoise: Rule = ({ noiseRatio }) => {
  if (noiseRatio == null || noiseRatio <= LIMITS.noiseRatio) return null;
  return verdict(
    'gradient-noise',
    noiseRatio > LIMITS.noiseRatioBad ? 'bad' : 'warning',
    `The noise of the minibatch gradients is ${number(noiseRatio, 2)} of the Langevin noise (limit ${LIMITS.noiseRatio}), so the` +
      ` noisiest parameter is sampled at ${number(1 + noiseRatio)} times the temperature. Lower ε or raise the batch size.`,
  );
};

/**
 * Fires on the sensitivity d ln λ̂/d ln γ when that is known (flat directions do not count); else on the share
 * γ·E‖w − w*‖²/d, which by equipartition is the share of the sampled parameters that γ holds.
 */
const localizationDominates: Rule = ({ localizationSensitivity, localizationShare }) => {
  const remedy =
    'Lower γ and lengthen the chains, or compare with the thermal value and not with λ.';
  if (localizationSensitivity != null) {
    if (localizationSensitivity >= -LIMITS.sensitivity) return null;
    const raised = 2 ** -localizationSensitivity - 1;
    return verdict(
      'localization-dominates',
      'warning',
      `Half the localization γ would raise λ̂ by about ${share(raised)}: γ and not the loss limits where the chains go. ${remedy}`,
    );
  }
  if (localizationShare == null || localizationShare <= LIMITS.localizationShare) return null;
  return verdict(
    'localization-dominates',
    'warning',
    `The localization holds ${share(Math.min(1, localizationShare))} of the sampled parameters (γ·E‖w − w*‖²/d), so λ̂ may lie` +
      ` far below λ unless that many directions are truly flat. ${remedy}`,
  );
};

export const CHAIN_RULES: readonly Rule[] = [
  diverged,
  notMixed,
  stillBurningIn,
  stepTooLarge,
  gradientNoise,
  localizationDominates,
];
