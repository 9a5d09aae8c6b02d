// Adds up the partial sums of many linear gradients in one launch:
//
//   target[copy, row, column] = sum over s < splits of partial[copy, s, row, column]
//
// Shapes  parts u32 [3 vec4s each]: (source, stride of splits, splits, columns), (rows, copies, stride of copies, whether the target
//         lies among the partial sums), (target, its stride of rows, of copies, unused), all in vec4s; a source is dense.
// Grid    an invocation per vec4 of the largest part, folded into x and y; z counts the parts.
// Reads   partial, parts. Writes gradients, or partial where a part says so.
// Caveat  float32 sums in order of s.
override WORKGROUP: u32 = 64u;

@group(0) @binding(1) var<storage, read> parts: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> partial: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.x + group.y * groups.x) * WORKGROUP + lane;
  let source = parts[group.z * 3];
  let extent = parts[group.z * 3 + 1];
  let target_place = parts[group.z * 3 + 2];
  let plane = extent.x * source.w;
  if (index >= plane * extent.y) {
    return;
  }
  let copy = index / plane;
  let element = index % plane;
  let first = source.x + copy * extent.z + element;
  var sum = partial[first];
  for (var s = 1u; s < source.z; s++) {
    sum += partial[first + s * source.y];
  }
  let at = target_place.x + copy * target_place.z + element / source.w * target_place.y + element % source.w;
  if (extent.w == 1) {
    partial[at] = sum;
  } else {
    gradients[at] = sum;
  }
}
