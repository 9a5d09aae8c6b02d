// One step of stochastic gradient Langevin dynamics of all chains, and partial sums of what it records.
//
//   G = 1, or with PRECONDITIONED V = a V + (1 - a) g^2, G = 1 / (sqrt(V) + b)
//   w = w - lr / 2 G (nbeta g + localization (w - w*) + decay w) + sqrt(lr G) noise_level eta, clamped to w* +- box
//
// Sources: Welling and Teh (2011); Li, Chen, Carlson and Carin (2016) without their Gamma.
// Writes parameters; memory: V, or with MEASURED the parameters before a step whose acceptance is measured after it;
// sums: as lib/sampler/sums.wgsl, (gradient2, prior2, noise2, gradient·prior), (gradient·noise, prior·noise, crossing,
// elements sampled). Crossing, where acceptance is measured, is |noise of the step before|^2 - |w before - w + lr / 2
// grad U(w)|^2 with the square's difference taken element by element and the noise drawn again.
#include "lib/sampler/chain.wgsl"
#include "lib/sampler/main.wgsl"

override PRECONDITIONED: bool = false;
override MEASURED: bool = false;

@group(0) @binding(5) var<storage, read> clock: array<u32>;
@group(0) @binding(7) var<storage, read_write> memory: array<vec4f>;

fn sweep(replica: u32, first: u32, stride: u32) -> Sums {
  let chain = load_chain(replica);
  let key = vec2u(clock[2u + 2u * replica], clock[3u + 2u * replica]);
  let step = clock[0];
  let half = 0.5 * chain.lr;
  let spread = sqrt(chain.lr) * chain.noise_level;
  let period = max(params.period, 1u);
  let behind = MEASURED && step > 0u && step % period == 0u;
  let ahead = MEASURED && (step + 1u) % period == 0u;
  var sums: Sums;
  for (var vector = first; vector < params.vectors; vector += stride) {
    let e = load_element(chain, replica, vector);
    if (none(e.kept)) {
      continue;
    }
    var gain = vec4f(1.0);
    if (PRECONDITIONED) {
      let g = keep(gradients[e.at], e.kept);
      let v = chain.a * memory[e.at] + (1.0 - chain.a) * (g * g);
      memory[e.at] = v;
      gain = 1.0 / (sqrt(v) + chain.b);
    }
    let eta = normals(philox(key, vec4u(step, vector, NOISE, 0u)));
    let by_gradient = -half * gain * e.gradient;
    let by_prior = -half * gain * e.prior;
    let by_noise = keep(spread * sqrt(gain) * eta, e.kept);
    var next = e.w + (by_gradient + by_prior + by_noise);
    if (chain.box > 0.0) {
      let clamped = clamp(next, e.anchor - chain.box, e.anchor + chain.box);
      next = change(next, clamped, finite_bits(next));
    }
    var crossing = 0.0;
    if (behind) {
      let back = keep(memory[e.at] - e.inner + half * (e.gradient + e.prior), e.kept);
      let last = normals(philox(key, vec4u(step - 1u, vector, NOISE, 0u)));
      let there = keep(spread * last, e.kept);
      crossing = dot(there - back, there + back);
    }
    if (ahead) {
      memory[e.at] = e.inner;
    }
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
      crossing,
      count_of(e.kept),
    );
  }
  return sums;
}
