// An invocation runs a chain alone: no barrier at all, sums are its own. For software adapters and many small chains.
#include "lib/chip/memory.wgsl"

const TEAM = 1u;

var<workgroup> memory: array<f32, CHAINS * (PLANES * STRIDE + SCRATCH)>;

fn sync() {
}

fn total4(value: vec4f) -> vec4f {
  return value;
}

fn join_team(local: u32) {
  slot = local;
  member = 0u;
}
