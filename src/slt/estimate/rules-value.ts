/** Rules about the value: signs that w* is no minimum, that the baseline is wrong, that λ̂ cannot be so large. */
import { LIMITS, verdict, type Evidence, type Rule, type Verdict } from './evidence';
import { formatNumber as number, formatShare as share, formatWithError } from './format';

/** nβ times the full-batch loss of the chains' ends below L(w*); 0 if it is not below by more than rounding. */
function dropOf({ finalExcess, nbeta }: Evidence): number {
  const drop = -(finalExcess ?? 0) * (nbeta ?? 1);
  return drop > LIMITS.finalDrop ? drop : 0;
}

/**
 * The chains ended below w* on the full batch and far from where they began: they left for a better minimum. Without a
 * record of the distance, the loss decides.
 */
function foundLowerBasin(evidence: Evidence): boolean {
  const moved = (evidence.distanceGrowth ?? Infinity) > LIMITS.distanceGrowth;
  return dropOf(evidence) > 0 && moved;
}

function lowerBasin(evidence: Evidence, start: string, severity: 'warning' | 'bad'): Verdict {
  const grew =
    evidence.distanceGrowth == null
      ? ''
      : ` and their distance from w* grew ${number(evidence.distanceGrowth, 2)}-fold`;
  return verdict(
    'lower-basin',
    severity,
    `${start}he chains ended at a full-batch loss ${number(-(evidence.finalExcess ?? 0), 2)} below L(w*)${grew}: they fell` +
      ` into a lower basin. Raise the localization γ, shorten the chains, or estimate at the end of a longer training.`,
  );
}

/** Negative λ̂: which of three reasons, the most specific first. */
const negative: Rule = (evidence) => {
  const { llc, gradientNorm } = evidence;
  if (!llc || llc.mean >= 0) {
    return foundLowerBasin(evidence) ? lowerBasin(evidence, 'T', 'warning') : null;
  }
  const error = llc.standardError ?? 0;
  const value = `λ̂ = ${formatWithError(llc.mean, llc.standardError)} is negative`;
  const baseline = llc.uncertainty?.baseline ?? 0;
  if (llc.mean + LIMITS.errors * error >= -LIMITS.rounding) {
    // Zero within error: only a baseline that makes that error is to blame.
    if (baseline <= error / 2) return null;
    return verdict(
      'noisy-baseline',
      'bad',
      `${value} but within error of 0, and ${number(baseline, 2)} of the error is that of L(w*). Use a paired baseline, or` +
        ` the full batch for L(w*).`,
    );
  }
  if (foundLowerBasin(evidence)) return lowerBasin(evidence, `${value}: t`, 'bad');
  const slope = gradientNorm == null ? '' : ` (‖∇L(w*)‖ = ${number(gradientNorm, 2)})`;
  const below =
    dropOf(evidence) > 0
      ? `, and the chains slid to a full-batch loss ${number(-(evidence.finalExcess ?? 0), 2)} below L(w*)`
      : '';
  return verdict(
    'not-a-minimum',
    'bad',
    `${value} beyond its error${below}: w* is not a local minimum${slope}, so λ̂ is not a learning coefficient. Train` +
      ` longer, or freeze the parameters that lead downhill.`,
  );
};

/** Steps at which the chains lie below L(w*) although λ̂ is positive. */
const belowBaseline: Rule = ({ negative: shares, llc }) => {
  if (!shares || (llc && llc.mean < 0)) return null;
  if (shares.beyondNoise != null && shares.beyondNoise > LIMITS.negativeSteps) {
    return verdict(
      'not-a-minimum',
      'warning',
      `${share(shares.beyondNoise)} of the draws lie below L(w*) by more than the noise of a minibatch: there is lower ground` +
        ` near w*. Train longer, or look at the full-batch loss of the chains.`,
    );
  }
  if (shares.steps <= LIMITS.negativeSteps) return null;
  return verdict(
    'noisy-baseline',
    'warning',
    `At ${share(shares.steps)} of the steps the mean over chains lies below L(w*): the noise of the minibatches is as large as` +
      ` the excess loss. Use a paired baseline, larger batches or more chains.`,
  );
};

const noisyBaseline: Rule = ({ llc }) => {
  const parts = llc?.uncertainty;
  if (!llc || !parts) return null;
  const sampling = Math.max(parts.betweenChains ?? 0, parts.mcse ?? 0);
  const large = parts.baseline > LIMITS.baselineShare * Math.abs(llc.mean);
  if (!large || parts.baseline <= sampling) return null;
  return verdict(
    'noisy-baseline',
    'warning',
    `The error of L(w*) makes ± ${number(parts.baseline, 2)} of λ̂, more than the sampling (± ${number(sampling, 2)}): more draws will` +
      ` not help. Use a paired baseline, or the full batch for L(w*).`,
  );
};

/**
 * The linear term of the loss at w*. Along ∇L a chain spreads by σ, typically ‖w − w*‖/√d, and a slope g = ‖∇L(w*)‖ moves
 * its centre downhill by nβ·g·σ², which takes ½(nβ·g·σ)² off λ̂ (exact for a quadratic: complete the square). The slope
 * counts when that is a tenth of λ̂, and rules when it is all of it.
 */
const notStationary: Rule = ({ gradientNorm, distance, nbeta, sampledParameters, llc }) => {
  if (gradientNorm == null || distance == null || nbeta == null || sampledParameters == null)
    return null;
  if (!llc) return null;
  const pull = (nbeta * gradientNorm * distance) / Math.sqrt(sampledParameters);
  const loss = 0.5 * pull * pull;
  const against = Math.max(Math.abs(llc.mean), llc.standardError ?? 0);
  if (loss <= LIMITS.gradientShare * against) return null;
  return verdict(
    'not-stationary-gradient',
    loss >= against ? 'bad' : 'warning',
    `‖∇L(w*)‖ = ${number(gradientNorm, 2)} is large at this nβ: the slope alone lowers λ̂ by about ${number(loss, 2)}. Train until the` +
      ` gradient vanishes, or sample at a lower nβ or a larger γ.`,
  );
};

const aboveCeiling: Rule = ({ llc, sampledParameters }) => {
  if (!llc || sampledParameters == null) return null;
  const ceiling = sampledParameters / 2;
  if (llc.mean - LIMITS.errors * (llc.standardError ?? 0) <= ceiling) return null;
  return verdict(
    'above-ceiling',
    'bad',
    `λ̂ = ${formatWithError(llc.mean, llc.standardError)} exceeds ${number(ceiling, 6)}, half the ${sampledParameters} sampled parameters, which no` +
      ` minimum can: the step size or the minibatch noise heats the chains, or they left the basin. Lower the step size.`,
  );
};

export const VALUE_RULES: readonly Rule[] = [
  negative,
  belowBaseline,
  noisyBaseline,
  notStationary,
  aboveCeiling,
];
