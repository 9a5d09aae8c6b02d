// TEAM invocations run a chain together, its elements spread over them: barriers between passes, sums by a tree in workgroup
// memory, always in the same order.
#include "lib/chip/memory.wgsl"

override TEAM: u32 = 4u; // a power of two

var<workgroup> memory: array<f32, CHAINS * (PLANES * STRIDE + SCRATCH)>;
var<workgroup> exchange: array<vec4f, CHAINS * TEAM>;

fn sync() {
  workgroupBarrier();
}

fn total4(value: vec4f) -> vec4f {
  let local = slot * TEAM + member;
  exchange[local] = value;
  for (var reach = TEAM / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (member < reach) {
      exchange[local] = exchange[local] + exchange[local + reach];
    }
  }
  workgroupBarrier();
  let sum = exchange[slot * TEAM];
  workgroupBarrier();
  return sum;
}

fn join_team(local: u32) {
  slot = local / TEAM;
  member = local % TEAM;
}
