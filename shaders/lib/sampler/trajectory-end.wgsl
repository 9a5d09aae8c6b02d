// First of three passes of a Metropolis sampler: where a trajectory ends, its last half kick and the sums of both
// energies that the test compares, and fresh momenta in the place of the old. At other steps it does nothing.
//
//   end = p - h / 2 grad U(w),  p = eta,  every `period` steps,  h = sqrt(lr) stretched as lib/stretch.wgsl says
//
// Source: Neal, "MCMC using Hamiltonian dynamics" (2011).
// Writes momentum; sums: as lib/sampler/sums.wgsl, (|end|^2, |eta|^2, elements outside the box, 0).
#include "lib/sampler/chain.wgsl"
#include "lib/sampler/main.wgsl"
#include "lib/stretch.wgsl"

@group(0) @binding(5) var<storage, read> clock: array<u32>;
@group(0) @binding(7) var<storage, read_write> momentum: array<vec4f>;

fn sweep(replica: u32, first: u32, stride: u32) -> Sums {
  var sums: Sums;
  let step = clock[0];
  if (step % params.period != 0u) {
    return sums;
  }
  let chain = load_chain(replica);
  let key = vec2u(clock[2u + 2u * replica], clock[3u + 2u * replica]);
  let begun = max(step, params.period) - params.period;
  let half = 0.5 * sqrt(chain.lr) * stretch(key, begun, params.period);
  for (var vector = first; vector < params.vectors; vector += stride) {
    let e = load_element(chain, replica, vector);
    if (none(e.kept)) {
      continue;
    }
    let end = momentum[e.at] - half * (e.gradient + e.prior);
    let eta = normals(philox(key, vec4u(step, vector, NOISE, 0u)));
    let fresh = keep(eta, e.kept);
    var outside = vec4u();
    if (chain.box > 0.0) {
      outside = select(vec4u(), e.kept, abs(e.offset) > vec4f(chain.box));
    }
    momentum[e.at] = fresh;
    sums.first += whereabouts(e, vector);
    sums.second += vec4f(dot(end, end), dot(fresh, fresh), count_of(outside), 0.0);
  }
  return sums;
}
