// Factor on the leapfrog step of the trajectory that begins at `begin`: uniform in [0.8, 1.2], from word 1 of counter (begin, 0,
// streams.accept, 0). With one length for all a direction of angular frequency kπ / length would never mix.
// Twin: src/optim/sampler/stretch.ts. Source: Neal, "MCMC using Hamiltonian dynamics" (2011), section 3.2.
fn stretch(key: vec2u, begin: u32, steps: u32) -> f32 {
  let u = uniform01(philox(key, vec4u(begin, 0u, 9u, 0u)).y);
  return select(1.0, 0.8 + 0.4 * u, steps > 1u);
}
