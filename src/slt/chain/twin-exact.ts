/** A step of mala or hmc in float64; twin of shaders/lib/chain/exact.wgsl. */
import { stretchOf } from '../../optim/sampler/stretch';
import { streams } from '../../random/streams';
import { drawCoin, drawNormals, METRIC, slopeAt, whereabouts, type Chain, type Row } from './twin';

/** `eta` is room for the step's normals, [P]; the row is null at steps that record none. */
export function explore(chain: Chain, step: number, eta: Float32Array, row: Row | null): void {
  const { w, g, key, numbers, scalars } = chain;
  const loss = chain.visit(w, g, { step, key }) - numbers.baseline;
  const begin = step - (step % chain.trajectory);
  if (step !== begin) return kickAndMove(chain, 1, begin);
  const acceptance = judge(chain, step, loss);
  if (row) {
    row.fill(0);
    row[METRIC.loss] = w.every(Number.isFinite) ? scalars.loss : NaN;
    row[METRIC.acceptance] = acceptance;
    row[METRIC.distance2] = scalars.distance2;
    row[METRIC.x] = scalars.x;
    row[METRIC.y] = scalars.y;
  }
  setOut(chain, step, eta);
}

/** Fresh momenta from where the chain now stands, half a kick and a move. */
function setOut(chain: Chain, step: number, eta: Float32Array): void {
  const { w, g, mask, planes, scalars } = chain;
  drawNormals(chain, step, streams.noise, eta);
  scalars.kinetic2 = 0;
  for (let i = 0; i < w.length; i++) {
    const sampled = mask[i] !== 0;
    planes.start[i] = sampled ? w[i] : 0;
    planes.start_gradient[i] = sampled ? g[i] : 0;
    planes.momentum[i] = sampled ? eta[i] : 0;
    scalars.kinetic2 += planes.momentum[i] ** 2;
  }
  kickAndMove(chain, 0.5, step);
}

/** h of the trajectory that begins at step `begin`. */
function stepLength({ key, numbers, trajectory }: Chain, begin: number): number {
  return Math.sqrt(numbers.lr) * stretchOf(key[0], key[1], begin, trajectory);
}

/** p ← p − share·h·∇U, w ← w + h·p, in the trajectory that begins at step `begin`. */
function kickAndMove(chain: Chain, share: number, begin: number): void {
  const { mask, planes, w } = chain;
  const p = planes.momentum;
  const h = stepLength(chain, begin);
  for (let i = 0; i < w.length; i++) {
    if (mask[i] === 0) continue;
    p[i] -= share * h * slopeAt(chain, i);
    w[i] += h * p[i];
  }
}

/** The Metropolis test; goes back where it fails. Returns the probability, −1 where nothing has ended. */
function judge(chain: Chain, step: number, loss: number): number {
  const { w, g, mask, anchor, numbers, planes, scalars } = chain;
  const h = stepLength(chain, Math.max(0, step - chain.trajectory));
  let kinetic2 = 0;
  let possible = true;
  for (let i = 0; i < w.length; i++) {
    if (!Number.isFinite(w[i])) possible = false;
    if (mask[i] === 0) continue;
    kinetic2 += (planes.momentum[i] - 0.5 * h * slopeAt(chain, i)) ** 2;
    if (numbers.box > 0 && Math.abs(w[i] - anchor[i]) > numbers.box) possible = false;
  }
  const arrived = { loss, ...whereabouts(chain) };
  const prior =
    numbers.localization * (arrived.distance2 - scalars.distance2) +
    numbers.weightDecay * (arrived.norm2 - scalars.norm2);
  const change =
    numbers.nbeta * (loss - scalars.loss) + 0.5 * (prior + kinetic2 - scalars.kinetic2);
  possible &&= Number.isFinite(change);
  if (step === 0 || (possible && drawCoin(chain, step) >= change)) {
    Object.assign(scalars, arrived);
  } else {
    for (let i = 0; i < w.length; i++) {
      if (mask[i] === 0) continue;
      w[i] = planes.start[i];
      g[i] = planes.start_gradient[i];
    }
  }
  if (step === 0) return -1;
  return possible ? Math.exp(-Math.max(change, 0)) : 0;
}
