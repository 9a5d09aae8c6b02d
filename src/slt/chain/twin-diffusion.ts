/** A step of sgld, rmsprop-sgld, sgnht or sghmc in float64; twin of shaders/lib/chain/diffusion.wgsl and acceptance.wgsl. */
import type { Method } from '../../optim/sampler/options';
import { streams } from '../../random/streams';
import { drawNormals, METRIC, pullAt, slopeAt, whereabouts, type Chain, type Row } from './twin';

/** `eta` is room for the step's normals, [P]; the row is null at steps that record none. */
export function diffuse(
  chain: Chain,
  method: Method,
  step: number,
  eta: Float32Array,
  row: Row | null,
): void {
  const { numbers, w, g, key } = chain;
  const moves = method === 'sgnht' || method === 'sghmc' ? moveMomentum : moveWeights;
  if (moves === moveMomentum && step === 0) beginMomentum(chain, eta);
  const loss = chain.visit(w, g, { step, key }) - numbers.baseline;
  if (row) {
    const { distance2, x, y } = whereabouts(chain);
    row.fill(0);
    row[METRIC.loss] = loss;
    row[METRIC.acceptance] = -1;
    row[METRIC.distance2] = distance2;
    row[METRIC.x] = x;
    row[METRIC.y] = y;
  }
  if (chain.acceptanceEvery > 0) measureAcceptance(chain, step, loss, eta, row);
  drawNormals(chain, step, streams.noise, eta);
  moves(chain, method, eta, row);
}

/** p₀ = √ε·η₀, ξ₀ = A. */
function beginMomentum(chain: Chain, eta: Float32Array): void {
  const { planes, scalars, numbers, mask } = chain;
  drawNormals(chain, 0, streams.momentum, eta);
  for (let i = 0; i < eta.length; i++)
    planes.momentum[i] = mask[i] === 0 ? 0 : Math.sqrt(numbers.lr) * eta[i];
  scalars.xi = numbers.friction;
}

function moveWeights(chain: Chain, method: Method, eta: Float32Array, row: Row | null): void {
  const { w, g, mask, anchor, numbers, planes } = chain;
  for (let i = 0; i < w.length; i++) {
    if (mask[i] === 0) continue;
    let precondition = 1;
    if (method === 'rmsprop-sgld') {
      const squares = planes.square_avg;
      squares[i] = numbers.decay * squares[i] + (1 - numbers.decay) * g[i] * g[i];
      precondition = 1 / (Math.sqrt(squares[i]) + numbers.stability);
    }
    const rate = -0.5 * numbers.lr * precondition;
    const byGradient = rate * numbers.nbeta * g[i];
    const byPrior = rate * pullAt(chain, i);
    const byNoise = Math.sqrt(precondition) * numbers.spread * eta[i];
    if (row) recordMoves(row, byGradient, byPrior, byNoise);
    w[i] += byGradient + byPrior + byNoise;
    if (numbers.box > 0 && Number.isFinite(w[i]))
      w[i] = Math.min(Math.max(w[i], anchor[i] - numbers.box), anchor[i] + numbers.box);
  }
}

function moveMomentum(chain: Chain, method: Method, eta: Float32Array, row: Row | null): void {
  const { w, g, mask, anchor, numbers, scalars } = chain;
  const p = chain.planes.momentum;
  const friction = method === 'sgnht' ? scalars.xi : numbers.friction;
  let squares = 0;
  for (let i = 0; i < w.length; i++) {
    if (mask[i] === 0) continue;
    const byGradient = -numbers.lr * numbers.nbeta * g[i];
    const byPrior = -numbers.lr * pullAt(chain, i);
    const byNoise = numbers.spread * eta[i];
    if (row) recordMoves(row, byGradient, byPrior, byNoise);
    p[i] += byGradient + byPrior + byNoise - friction * p[i];
    squares += p[i] * p[i];
    w[i] += p[i];
    if (numbers.box > 0 && Number.isFinite(w[i]))
      reflect(w, p, i, anchor[i] - numbers.box, anchor[i] + numbers.box);
  }
  const mean = squares / numbers.sampled;
  if (row) row[METRIC.kinetic] = mean / numbers.lr;
  if (method === 'sgnht') scalars.xi += mean - numbers.lr;
}

function reflect(w: Float64Array, p: Float64Array, i: number, low: number, high: number): void {
  if (w[i] > high) w[i] = Math.max(2 * high - w[i], low);
  else if (w[i] < low) w[i] = Math.min(2 * low - w[i], high);
  else return;
  p[i] = -p[i];
}

function recordMoves(row: Row, byGradient: number, byPrior: number, byNoise: number): void {
  row[METRIC.gradient2] += byGradient * byGradient;
  row[METRIC.prior2] += byPrior * byPrior;
  row[METRIC.noise2] += byNoise * byNoise;
  row[METRIC.gradient_prior] += byGradient * byPrior;
  row[METRIC.gradient_noise] += byGradient * byNoise;
  row[METRIC.prior_noise] += byPrior * byNoise;
}

/** As acceptance.wgsl, where the formula is. `eta` is room for the noise of the step before. */
function measureAcceptance(
  chain: Chain,
  step: number,
  loss: number,
  eta: Float32Array,
  row: Row | null,
): void {
  const { w, mask, planes, scalars, numbers, acceptanceEvery } = chain;
  const { distance2, norm2 } = whereabouts(chain);
  const prior = 0.5 * (numbers.localization * distance2 + numbers.weightDecay * norm2);
  const potential = numbers.nbeta * loss + prior;
  const measured = step > 0 && step % acceptanceEvery === 0;
  if (measured && row && numbers.spread > 0) {
    drawNormals(chain, step - 1, streams.noise, eta);
    let work = 0;
    for (let i = 0; i < w.length; i++) {
      if (mask[i] === 0) continue;
      const there = numbers.spread * eta[i];
      const back = 0.5 * numbers.lr * slopeAt(chain, i) - (w[i] - planes.previous[i]);
      work += (there + back) * (there - back);
    }
    const logarithm = scalars.potential - potential + work / (2 * numbers.spread ** 2);
    row[METRIC.acceptance] = Number.isFinite(logarithm) ? Math.exp(Math.min(logarithm, 0)) : 0;
  }
  if ((step + 1) % acceptanceEvery === 0)
    for (let i = 0; i < w.length; i++) planes.previous[i] = mask[i] === 0 ? 0 : w[i];
  if (measured || (step + 1) % acceptanceEvery === 0) scalars.potential = potential;
}
