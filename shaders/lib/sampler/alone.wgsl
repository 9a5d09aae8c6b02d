// Every invocation's sums are a lane of partials: no barrier, for software adapters. lanes = WIDTH * groups.
#include "lib/sampler/sums.wgsl"

fn deposit(sums: Sums, replica: u32, within: bool, local: vec3u, group: u32, groups: u32) {
  if (!within) {
    return;
  }
  let at = ((replica * groups + group) * WIDTH + local.x) * SUMS;
  partials[at] = sums.first;
  partials[at + 1u] = sums.second;
  partials[at + 2u] = sums.third;
}
