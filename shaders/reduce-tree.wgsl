// reduce.wgsl for GPUs where the innermost reduced axis is contiguous: a workgroup per output and chunk, whose
// invocations read side by side and meet in a tree.
// Shapes: as in reduce.wgsl. Grid: a workgroup per chunk and output, folded into x and y. WORKGROUP is a power of two.
// Reads x, writes result. Numbers: the error grows with K / WORKGROUP + log2(WORKGROUP) at worst.

#include "lib/index.wgsl"
#include "lib/reduction-params.wgsl"
#include "lib/reduction.wgsl"

override WORKGROUP: u32 = 128u;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

var<workgroup> parts: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = group.y * groups.x + group.x;
  let within = i < params.outputs * params.chunks;
  let chunk = i / params.outputs;
  let p = position_of(i % params.outputs, params.extents);
  let origin = element_at(p, params.x_strides, params.x_origin);
  let end = select(0u, min((chunk + 1u) * params.length, params.total), within);
  var own = neutral();
  for (var k = chunk * params.length + local; k < end; k += WORKGROUP) {
    let at = origin + reduced_at(k, params.reduced_extents, params.reduced_strides);
    own = combine(own, prepare(x[at]));
  }
  parts[local] = own;
  workgroupBarrier();
  for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
    if (local < half) {
      parts[local] = combine(parts[local], parts[local + half]);
    }
    workgroupBarrier();
  }
  if (local == 0u && within) {
    let to = element_at(p, params.result_strides, params.result_origin);
    result[to + chunk * params.chunk_stride] = finish(parts[0], params.factor);
  }
}
