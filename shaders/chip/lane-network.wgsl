// Many training steps of many networks on a target of lib/chip/network.wgsl, an invocation a network.
//
// Shapes  see lib/chip/train.wgsl.
// Grid    CHAINS networks a workgroup, in x.
// Reads   clock, hyper, mask, facts, factors. Reads and writes parameters and state; writes rows of the ring.
// Bits do not depend on how the steps are split into dispatches.
#include "lib/chip/lane.wgsl"
#include "lib/chip/network.wgsl"
#include "lib/chip/train.wgsl"

@compute @workgroup_size(CHAINS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  run_training(group.x, local);
}
