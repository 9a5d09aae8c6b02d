// Second of three passes of a Metropolis sampler: whether the trajectory that ends here is accepted.
//
//   dH = nbeta (L - L0) + localization / 2 (d2 - d2_0) + decay / 2 (n2 - n2_0) + (|end|^2 - |p0|^2) / 2
//   accepted where -ln u >= dH and the end is inside the box; a dH that is not finite is a rejection
//
// d2 the squared distance from the anchor, n2 the squared norm; part by part, since the parts are close and large.
// Source: Neal, "MCMC using Hamiltonian dynamics" (2011).
//
// Shapes  lib/sampler/ending.wgsl; scalars [R, 6] of the state accepted last: L, d2, n2, |p0|^2, x, y; decision [R]:
//         (0 within a trajectory, 1 accepted, 2 rejected; step length h of the trajectory under way).
// Grid    an invocation a chain, folded into x and y. Reads partials, hyper, losses, clock. Writes metrics, scalars,
//         decision.
#include "lib/index.wgsl"
#include "lib/philox.wgsl"
#include "lib/normal.wgsl"
#include "lib/sampler/ending.wgsl"
#include "lib/stretch.wgsl"

const ACCEPT = 9u; // as in src/random/streams.ts

@group(0) @binding(7) var<storage, read_write> decision: array<vec2f>;

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
  let step = clock[0];
  let base = 6u * replica;
  let key = vec2u(clock[2u + 2u * replica], clock[3u + 2u * replica]);
  var acceptance = -1.0;
  var decided = 0u;
  if (step % params.period == 0u) {
    let sums = total(replica);
    let at = sums.first;
    let loss = loss_of(replica);
    decided = 1u;
    if (step > 0u) {
      let row = hyper[2u * replica];
      let prior = row.z * (at.x - scalars[base + 1u]) + row.w * (at.y - scalars[base + 2u]);
      let kinetic = sums.second.x - scalars[base + 3u];
      let gap = row.y * (loss - scalars[base]) + 0.5 * (prior + kinetic);
      let word = philox(key, vec4u(step, 0u, ACCEPT, 0u)).x;
      let possible = is_finite(gap) && sums.second.z == 0.0;
      acceptance = select(0.0, exp(clamp(-gap, -80.0, 0.0)), possible);
      decided = select(2u, 1u, possible && negative_log(word) >= gap);
    }
    if (decided == 1u) {
      scalars[base] = loss;
      scalars[base + 1u] = at.x;
      scalars[base + 2u] = at.y;
      scalars[base + 4u] = at.z;
      scalars[base + 5u] = at.w;
    }
    scalars[base + 3u] = sums.second.y;
  }
  let begun = step - step % params.period;
  let h = sqrt(hyper[2u * replica].x) * stretch(key, begun, params.period);
  decision[replica] = vec2f(f32(decided), h);

  let row = 12u * replica;
  for (var column = 3u; column < 10u; column++) {
    metrics[row + column] = 0.0;
  }
  metrics[row] = scalars[base];
  metrics[row + 1u] = acceptance;
  metrics[row + 2u] = scalars[base + 1u];
  metrics[row + 10u] = scalars[base + 4u];
  metrics[row + 11u] = scalars[base + 5u];
}
