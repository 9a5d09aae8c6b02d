// The Metropolis acceptance that a step of sgld would have had, were it a proposal. With d = w' - w, v = εσ² the noise's
// variance, a = √ε σ η the noise and r = ½ε ∇U(w') - d the noise of the way back,
//
//   ln acceptance = U(w) - U(w') + (‖a‖² - ‖r‖²) / 2v,   ‖a‖² - ‖r‖² = Σ (a + r)(a - r)
//
// where a + r is small: a difference of two sums of squares would lose it in float32.
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
    let w = select(vec4f(), four.w, kept);
    prior += 0.5 * (rates.z * dot(four.offset, four.offset) + rates.w * dot(w, w));
    if (measured) {
      let there = settings.x * draw4(step - 1u, vector, NOISE);
      let slope = rates.y * four.g + four.pull;
      let back = 0.5 * rates.x * slope - (four.w - load4(PREVIOUS, vector));
      work += dot(select(vec4f(), there + back, kept), there - back);
    }
    if (keep) {
      store4(PREVIOUS, vector, w);
    }
  }
  let sums = total4(vec4f(share, prior, work, 0.0));
  let potential = rates.y * sums.x + sums.y;
  let logarithm = (other.w - potential) + 0.5 * sums.z / max(settings.x * settings.x, 1e-36);
  other.w = potential;
  if (!measured || settings.x == 0.0) {
    return -1.0;
  }
  return select(0.0, exp(min(logarithm, 0.0)), is_finite_bits(logarithm));
}
