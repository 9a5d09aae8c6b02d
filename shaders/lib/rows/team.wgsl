// A row per team of invocations that reduces in workgroup memory, always in the same order.
#include "lib/rows/place.wgsl"

var<workgroup> exchange: array<f32, WORKGROUP>;

fn team_sum(value: f32, local: u32) -> f32 {
  exchange[local] = value;
  for (var reach = TEAM / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (local % TEAM < reach) {
      exchange[local] += exchange[local + reach];
    }
  }
  workgroupBarrier();
  let total = exchange[local - local % TEAM];
  workgroupBarrier();
  return total;
}

fn team_max(value: f32, local: u32) -> f32 {
  exchange[local] = value;
  for (var reach = TEAM / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (local % TEAM < reach) {
      exchange[local] = max(exchange[local], exchange[local + reach]);
    }
  }
  workgroupBarrier();
  let most = exchange[local - local % TEAM];
  workgroupBarrier();
  return most;
}
