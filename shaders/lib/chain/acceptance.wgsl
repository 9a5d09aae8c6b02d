// The Metropolis acceptance that a step of sgld would have had, were it a proposal. With d = w' - w, the noise's variance
// εσ² and g = ∇U, the densities of the moves there and back give
//
//   ln a = U(w) - U(w') + (½ (g + g')·d + ⅛ ε (g + g')·(g - g')) / σ²
//
// in which the large parts, ½ g·d and the change of U, are never formed as squares of sums.
#include "lib/chain/elements.wgsl"

fn visits_acceptance(step: u32) -> bool {
  let every = params.acceptance_every;
  return every > 0u && (step % every == 0u || (step + 1u) % every == 0u);
}

// Acceptance of the step that ended at `step`, -1 where none is measured; keeps what the next one needs.
fn measure_acceptance(step: u32, share: f32) -> f32 {
  if (!visits_acceptance(step)) {
    return -1.0;
  }
  let measured = step > 0u && step % params.acceptance_every == 0u;
  let keep = (step + 1u) % params.acceptance_every == 0u;
  var prior = 0.0;
  var work = 0.0;
  for (var vector = member; vector < STRIDE / 4u; vector += TEAM) {
    let four = read_four(vector);
    let kept = four.mask != vec4f();
    let g = select(vec4f(), rates.y * four.g + four.pull, kept);
    let w = select(vec4f(), four.w, kept);
    prior += 0.5 * (rates.z * dot(four.offset, four.offset) + rates.w * dot(w, w));
    if (measured) {
      let before = load4(START_GRADIENT, vector);
      let both = before + g;
      work += 0.5 * dot(both, four.w - load4(START, vector)) + 0.125 * rates.x * dot(both, before - g);
    }
    if (keep) {
      store4(START, vector, four.w);
      store4(START_GRADIENT, vector, g);
    }
  }
  let sums = total4(vec4f(share, prior, work, 0.0));
  let potential = rates.y * ((sums.x - base.x) - base.y) + sums.y;
  let logarithm = (start_potential - potential) + sums.z * base.w;
  if (keep) {
    start_potential = potential;
  }
  if (!measured) {
    return -1.0;
  }
  return select(0.0, exp(min(logarithm, 0.0)), is_finite_bits(logarithm));
}
