// result = source, PER vec4s an invocation: what reading and writing costs when next to nothing is spent on finding out where.
// Shapes: source, result [groups·WORKGROUP·PER] of vec4. Grid: a workgroup per WORKGROUP·PER of them, folded into x and y; all
// are whole. Neighbours read neighbours in each turn. Reads source, writes result. Exact.

override WORKGROUP: u32 = 64u;
override PER: u32 = 16u;

@group(0) @binding(1) var<storage, read> source: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4u>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let first = (group.y * groups.x + group.x) * WORKGROUP * PER + local;
  for (var k = 0u; k < PER; k++) {
    let at = first + k * WORKGROUP;
    result[at] = source[at];
  }
}
