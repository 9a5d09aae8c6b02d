// A dispatch of a chain: from storage into workgroup memory, steps clock[0] … of at most clock[2] and before clock[1], back.
#include "lib/chain/diffusion.wgsl"
#include "lib/chain/exact.wgsl"

fn kept_size() -> u32 {
  return (PLANES - 2u) * (STRIDE / 4u) + 2u;
}

fn load_chain() {
  key = vec2u(clock[4u + 2u * chain], clock[5u + 2u * chain]);
  rates = hyper[3u * chain];
  settings = hyper[3u * chain + 1u];
  base = hyper[3u * chain + 2u];
  root = base.w;
  if (METHOD == 4u) {
    set_length(clock[0] - clock[0] % params.leapfrog);
  }
  let vectors = STRIDE / 4u;
  let kept = chain * kept_size();
  for (var vector = member; vector < vectors; vector += TEAM) {
    store4(W, vector, parameters[chain * vectors + vector]);
    store4(GRADIENT, vector, vec4f());
    for (var plane = 2u; plane < PLANES; plane++) {
      store4(plane, vector, state[kept + (plane - 2u) * vectors + vector]);
    }
  }
  accepted = state[kept + kept_size() - 2u];
  other = state[kept + kept_size() - 1u];
}

fn save_chain() {
  if (!counted) {
    return;
  }
  let vectors = STRIDE / 4u;
  let kept = chain * kept_size();
  for (var vector = member; vector < vectors; vector += TEAM) {
    parameters[chain * vectors + vector] = load4(W, vector);
    for (var plane = 2u; plane < PLANES; plane++) {
      state[kept + (plane - 2u) * vectors + vector] = load4(plane, vector);
    }
  }
  if (member == 0u) {
    state[kept + kept_size() - 2u] = accepted;
    state[kept + kept_size() - 1u] = other;
  }
}

fn run_chain(group: u32, local: u32) {
  join_team(local);
  let wanted = group * CHAINS + slot;
  counted = wanted < params.replicas;
  chain = min(wanted, params.replicas - 1u);
  load_chain();
  sync();
  let first = clock[0];
  let last = min(clock[1], first + clock[2]);
  for (var step = first; step < last; step++) {
    if (METHOD == 4u) {
      explore(step);
    } else {
      diffuse(step);
    }
  }
  save_chain();
}
