// Many steps of many chains on a target of lib/chip/quadratic.wgsl, TEAM invocations a chain.
//
// Shapes  see lib/chain/layout.wgsl.
// Grid    CHAINS chains a workgroup, in x.
// Reads   clock, hyper, fixed, facts. Reads and writes parameters and state; writes rows of the ring.
// Bits do not depend on how the steps are split into dispatches.
#include "lib/chip/team.wgsl"
#include "lib/chip/quadratic.wgsl"
#include "lib/chain/run.wgsl"

override WORKGROUP: u32 = 64u; // CHAINS · TEAM

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  run_chain(group.x, local);
}
