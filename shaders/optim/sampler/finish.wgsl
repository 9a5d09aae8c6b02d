// Ends a step of a sampler that accepts all: sums to metrics, and the scalars of the chain.
//
//   xi = xi + mean p^2 - lr                                               with THERMOSTAT
//   log acceptance = U before - U + crossing / (2 lr noise_level^2)       with MEASURED, each `period` steps
//
// with crossing as in lib/sampler/langevin.wgsl, U = nbeta L + localization / 2 |w - w*|^2 + decay / 2 |w|^2.
// Sources: Ding et al. (2014); Roberts and Tweedie (1996).
//
// Shapes  lib/sampler/ending.wgsl; scalars [R, 1]: xi with THERMOSTAT, U with MEASURED, else not read.
// Grid    an invocation a chain, folded into x and y. Reads partials, hyper, losses, clock. Writes metrics, scalars.
#include "lib/index.wgsl"
#include "lib/sampler/ending.wgsl"

override THERMOSTAT: bool = false;
override KINETIC: bool = false; // there is a momentum
override MEASURED: bool = false;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let replica = linear_id(group, groups, WORKGROUP, local);
  if (replica >= params.replicas) {
    return;
  }
  let first = hyper[2u * replica];
  let second = hyper[2u * replica + 1u];
  let sums = total(replica);
  let at = sums.first;
  let loss = loss_of(replica);
  let step = clock[0];
  let lr = first.x;

  var kinetic = 0.0;
  if (KINETIC) {
    kinetic = sums.third.z / max(sums.third.w, 1.0);
    if (THERMOSTAT) {
      let xi = select(scalars[replica], second.z, step == 0u);
      scalars[replica] = xi + (kinetic - lr);
    }
    kinetic /= lr;
  }

  var acceptance = -1.0;
  if (MEASURED) {
    let potential = first.y * loss + 0.5 * (first.z * at.x + first.w * at.y);
    let variance = lr * second.x * second.x;
    if (step > 0u && step % max(params.period, 1u) == 0u && variance > 0.0) {
      let logarithm = (scalars[replica] - potential) + sums.third.z / (2.0 * variance);
      acceptance = select(0.0, exp(clamp(logarithm, -80.0, 0.0)), is_finite(logarithm));
    }
    scalars[replica] = potential;
  }

  let row = 12u * replica;
  metrics[row] = loss;
  metrics[row + 1u] = acceptance;
  metrics[row + 2u] = at.x;
  metrics[row + 3u] = sums.second.x;
  metrics[row + 4u] = sums.second.y;
  metrics[row + 5u] = sums.second.z;
  metrics[row + 6u] = sums.second.w;
  metrics[row + 7u] = sums.third.x;
  metrics[row + 8u] = sums.third.y;
  metrics[row + 9u] = kinetic;
  metrics[row + 10u] = at.z;
  metrics[row + 11u] = at.w;
}
