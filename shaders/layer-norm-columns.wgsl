// First pass of the gradients of layer norm's gain and bias: sums over a block of rows of g z and
// of g, z = (x - mean) inverse with the row's moments.
//
// Shapes  input, gradient [copies, rows, columns] by (offset, replica stride); moments [copies,
//         rows, 2] with a replica stride; partials [copies, blocks, 2, columns], dense.
// Grid    an invocation per (copy, block, column), columns fastest; folded into x and y.
// Reads   input, gradient, moments. Writes partials.
// Caveat  a block is about the root of the number of rows, so that errors grow with its fourth
//         root: sums in two levels.
// Source  the definition; two passes because there are no float atomics here.

override WORKGROUP: u32 = 64;

struct Params {
  rows: u32,
  columns: u32,
  blocks: u32,
  blockRows: u32,
  total: u32,
  momentsReplicaStride: u32,
  inputLayout: vec2u,
  gradientLayout: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read> moments: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.total) {
    return;
  }
  let column = index % params.columns;
  let part = index / params.columns;
  let block = part % params.blocks;
  let replica = part / params.blocks;
  let input_start = params.inputLayout.x + replica * params.inputLayout.y + column;
  let gradient_start = params.gradientLayout.x + replica * params.gradientLayout.y + column;
  let moments_start = replica * params.momentsReplicaStride;
  let last = min((block + 1u) * params.blockRows, params.rows);
  var gain_sum = 0.0;
  var bias_sum = 0.0;
  for (var row = block * params.blockRows; row < last; row++) {
    let moment = moments[moments_start + row];
    let g = gradient[gradient_start + row * params.columns];
    gain_sum += g * (input[input_start + row * params.columns] - moment.x) * moment.y;
    bias_sum += g;
  }
  partials[2u * part * params.columns + column] = gain_sum;
  partials[(2u * part + 1u) * params.columns + column] = bias_sum;
}
