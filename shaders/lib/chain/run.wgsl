// A dispatch of a chain: from storage into workgroup memory, steps clock[0] … of at most clock[2] and before clock[1], back.
#include "lib/chain/diffusion.wgsl"
#include "lib/chain/exact.wgsl"

fn kept_size() -> u32 {
  return (PLANES - 2u) * (STRIDE / 4u) + 2u;
}

fn load_chain() {
  key = vec2u(clock[4u + 2u * chain], clock[5u + 2u * chain]);
  rates = hyper[4u * chain];
  settings = hyper[4u * chain + 1u];
  base = hyper[4u * chain + 2u];
  root = hyper[4u * chain + 3u].x;
  let vectors = STRIDE / 4u;
  let kept = chain * kept_size();
  for (var vector = member; vector < vectors; vector += TEAM) {
    store4(W, vector, parameters[chain * vectors + vector]);
    store4(GRADIENT, vector, vec4f());
    for (var plane = 2u; plane < PLANES; plane++) {
      store4(plane, vector, state[kept + (plane - 2u) * vectors + vector]);
    }
  }
  let scalars = state[kept + kept_size() - 2u];
  thermostat = select(scalars.x, settings.z, METHOD == 3u);
  start_potential = scalars.y;
  start_kinetic = scalars.z;
  start_loss = scalars.w;
  lost = state[kept + kept_size() - 1u].x;
}

fn save_chain() {
  let bad = total4(vec4f(lost, 0.0, 0.0, 0.0)).x;
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
    state[kept + kept_size() - 2u] = vec4f(thermostat, start_potential, start_kinetic, start_loss);
    state[kept + kept_size() - 1u] = vec4f(min(bad, 1.0), 0.0, 0.0, 0.0);
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
