// One step of the samplers with momentum and friction of all chains, and partial sums of what it records.
//
//   p = p - lr grad U(w) - xi p + sqrt(2 (a - b) lr) noise_level eta,  w = w + p     (p = sqrt(lr) eta0 before step 0)
//   grad U = nbeta g + localization (w - w*) + decay w
//
// With THERMOSTAT xi is a scalar of the chain, a before step 0, and b counts as 0: SGNHT, Ding et al. (2014). Else xi = a:
// SGHMC, Chen, Fox and Guestrin (2014). A wall at w* +- box reflects w, once, and flips p.
// Writes parameters and momentum; sums: as lib/sampler/sums.wgsl, (gradient2, prior2, noise2, gradient·prior),
// (gradient·noise, prior·noise, momentum2, elements sampled).
#include "lib/sampler/chain.wgsl"
#include "lib/sampler/main.wgsl"

override THERMOSTAT: bool = false;

@group(0) @binding(5) var<storage, read> clock: array<u32>;
@group(0) @binding(7) var<storage, read_write> momentum: array<vec4f>;
@group(0) @binding(8) var<storage, read> scalars: array<f32>; // xi, with THERMOSTAT

fn sweep(replica: u32, first: u32, stride: u32) -> Sums {
  let chain = load_chain(replica);
  let key = vec2u(clock[2u + 2u * replica], clock[3u + 2u * replica]);
  let step = clock[0];
  var xi = chain.a;
  var injected = chain.a - chain.b;
  if (THERMOSTAT) {
    injected = chain.a;
    if (step > 0u) {
      xi = scalars[replica];
    }
  }
  let spread = sqrt(2.0 * injected * chain.lr) * chain.noise_level;
  var sums: Sums;
  for (var vector = first; vector < params.vectors; vector += stride) {
    let e = load_element(chain, replica, vector);
    if (none(e.kept)) {
      continue;
    }
    var p = momentum[e.at];
    if (step == 0u) {
      p = sqrt(chain.lr) * normals(philox(key, vec4u(0u, vector, MOMENTUM, 0u)));
    }
    let eta = normals(philox(key, vec4u(step, vector, NOISE, 0u)));
    let by_gradient = -chain.lr * e.gradient;
    let by_prior = -chain.lr * e.prior;
    let by_noise = keep(spread * eta, e.kept);
    p += (by_gradient + by_prior + by_noise) - xi * p;
    var next = e.w + p;
    if (chain.box > 0.0) {
      let low = e.anchor - chain.box;
      let high = e.anchor + chain.box;
      let mirrored = clamp(2.0 * clamp(next, low, high) - next, low, high);
      let hit = select(vec4u(), finite_bits(next), abs(next - e.anchor) > vec4f(chain.box));
      next = change(next, mirrored, hit);
      p = change(p, -p, hit);
    }
    p = keep(p, e.kept);
    momentum[e.at] = p;
    parameters[e.at] = change(e.w, next, e.kept);
    sums.first += whereabouts(e, vector);
    sums.second += vec4f(
      dot(by_gradient, by_gradient),
      dot(by_prior, by_prior),
      dot(by_noise, by_noise),
      dot(by_gradient, by_prior),
    );
    sums.third += vec4f(
      dot(by_gradient, by_noise),
      dot(by_prior, by_noise),
      dot(p, p),
      count_of(e.kept),
    );
  }
  return sums;
}
