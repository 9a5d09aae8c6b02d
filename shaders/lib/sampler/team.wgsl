// The WIDTH invocations of a chain in a workgroup add up their sums, always in the same order, for one lane of
// partials. Takes 3 KiB of workgroup memory: WIDTH is a power of two, WIDTH * HEIGHT is 64. lanes = groups.
#include "lib/sampler/sums.wgsl"

const TEAM = 64u;

var<workgroup> exchange: array<vec4f, 192>;

fn deposit(sums: Sums, replica: u32, within: bool, local: vec3u, group: u32, groups: u32) {
  let own = local.y * WIDTH + local.x;
  exchange[own] = sums.first;
  exchange[TEAM + own] = sums.second;
  exchange[2u * TEAM + own] = sums.third;
  for (var reach = WIDTH / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (local.x < reach) {
      exchange[own] += exchange[own + reach];
      exchange[TEAM + own] += exchange[TEAM + own + reach];
      exchange[2u * TEAM + own] += exchange[2u * TEAM + own + reach];
    }
  }
  if (within && local.x == 0u) {
    let at = (replica * groups + group) * SUMS;
    partials[at] = exchange[own];
    partials[at + 1u] = exchange[TEAM + own];
    partials[at + 2u] = exchange[2u * TEAM + own];
  }
}
