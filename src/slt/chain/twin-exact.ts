/** A step of mala or hmc in float64; twin of shaders/lib/chain/exact.wgsl. */
import { streams } from '../../random/streams';
import {
  drawCoin,
  drawNormals,
  METRIC,
  priorOf,
  recordPosition,
  slopeAt,
  type Chain,
  type Row,
} from './twin';

/** `eta` is room for the step's normals, [P]; the row is null at steps that record none. */
export function explore(chain: Chain, step: number, eta: Float32Array, row: Row | null): void {
  const { w, g, key, numbers, planes, scalars } = chain;
  const loss = chain.visit(w, g, { step, key }) - numbers.baseline;
  if (step % chain.trajectory !== 0) return kickAndMove(chain, 1);
  const acceptance = judge(chain, step, loss);
  planes.start.set(w);
  for (let i = 0; i < g.length; i++) planes.start_gradient[i] = chain.mask[i] === 0 ? 0 : g[i];
  if (row) {
    row.fill(0);
    recordPosition(chain, row);
    row[METRIC.loss] = scalars.start_loss;
    row[METRIC.acceptance] = acceptance;
    if (!w.every(Number.isFinite)) row[METRIC.loss] = NaN;
  }
  drawNormals(chain, step, streams.noise, eta);
  let kinetic = 0;
  for (let i = 0; i < w.length; i++) {
    planes.momentum[i] = chain.mask[i] === 0 ? 0 : eta[i];
    kinetic += planes.momentum[i] ** 2 / 2;
  }
  scalars.start_kinetic = kinetic;
  kickAndMove(chain, 0.5);
}

/** p ← p − share·h·∇U, w ← w + h·p. */
function kickAndMove(chain: Chain, share: number): void {
  const { mask, planes, numbers, w } = chain;
  const p = planes.momentum;
  const h = Math.sqrt(numbers.lr);
  for (let i = 0; i < w.length; i++) {
    if (mask[i] === 0) continue;
    p[i] -= share * h * slopeAt(chain, i);
    w[i] += h * p[i];
  }
}

/** The Metropolis test; goes back where it fails. Returns the probability, −1 where nothing has ended. */
function judge(chain: Chain, step: number, loss: number): number {
  const { w, g, mask, anchor, numbers, planes, scalars } = chain;
  const h = Math.sqrt(numbers.lr);
  let kinetic = 0;
  let possible = true;
  for (let i = 0; i < w.length; i++) {
    if (mask[i] === 0) continue;
    kinetic += (planes.momentum[i] - 0.5 * h * slopeAt(chain, i)) ** 2 / 2;
    if (!Number.isFinite(w[i])) possible = false;
    if (numbers.box > 0 && Math.abs(w[i] - anchor[i]) > numbers.box) possible = false;
  }
  const potential = numbers.nbeta * loss + priorOf(chain);
  const change = potential - scalars.start_potential + (kinetic - scalars.start_kinetic);
  possible &&= Number.isFinite(change);
  if (step === 0 || (possible && drawCoin(chain, step) >= change)) {
    scalars.start_potential = potential;
    scalars.start_loss = loss;
  } else {
    w.set(planes.start);
    g.set(planes.start_gradient);
  }
  if (step === 0) return -1;
  return possible ? Math.exp(-Math.max(change, 0)) : 0;
}
