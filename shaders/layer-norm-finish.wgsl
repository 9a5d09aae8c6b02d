// Second pass of the gradients of layer norm's gain and bias: adds the blocks of
// layer-norm-columns.wgsl in order.
//
// Shapes  partials [copies, blocks, width], dense; output [copies, width] by (offset, replica
//         stride); width = 2 columns.
// Grid    an invocation per (copy, element of width); folded into x and y.
// Reads   partials. Writes output.
// Caveat  none beyond that of a sum of `blocks` terms.
// Source  the definition.

override WORKGROUP: u32 = 64;

struct Params {
  width: u32,
  blocks: u32,
  total: u32,
  outputLayout: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.total) {
    return;
  }
  let place = index % params.width;
  let replica = index / params.width;
  let start = replica * params.blocks * params.width + place;
  var sum = 0.0;
  for (var block = 0u; block < params.blocks; block++) {
    sum += partials[start + block * params.width];
  }
  output[params.outputLayout.x + replica * params.outputLayout.y + place] = sum;
}
