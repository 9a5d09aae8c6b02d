// Attention's probabilities, for reading: softmax(scale q k^T) per head, causal or not.
//
// Shapes  query [copies, batch, queries, heads, depth], key [copies, batch, keys, heads, depth],
//         strided in all but the depth; output [copies, batch, heads, queries, keys] by (offset,
//         replica stride).
// Grid    an invocation per (copy, example, query, head), heads fastest; folded into x and y.
// Reads   query, key. Writes output, then reads and rewrites its own row.
// Caveat  masked keys are exactly 0; not for the training step, which never needs the whole
//         pattern.
// Source  the definition (arXiv 1706.03762, equation 1).
#include "lib/exp.wgsl"
#include "lib/attention/params.wgsl"

override WORKGROUP: u32 = 64;

@group(0) @binding(1) var<storage, read> query: array<f32>;
@group(0) @binding(2) var<storage, read> key: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.total) {
    return;
  }
  let place = place_of(index, params.queries);
  let query_at =
    origin_of(place, params.queryStrides, params.offsets.x) + place.row * params.queryStrides.y;
  let key_origin = origin_of(place, params.keyStrides, params.offsets.y);
  let row = (place.example * params.heads + place.head) * params.queries + place.row;
  let output_at = params.outputLayout.x + place.replica * params.outputLayout.y + row * params.keys;
  let seen = min(params.keys, place.row + params.shift + 1u);
  var peak = -1e30;
  for (var j = 0u; j < seen; j++) {
    let key_at = key_origin + j * params.keyStrides.y;
    var score = 0.0;
    for (var c = 0u; c < params.depth; c++) {
      score += query[query_at + c] * key[key_at + c];
    }
    output[output_at + j] = score * params.scale;
    peak = max(peak, score * params.scale);
  }
  var mass = 0.0;
  for (var j = 0u; j < seen; j++) {
    let weight = exp_exact(vec4f(output[output_at + j] - peak)).x;
    output[output_at + j] = weight;
    mass += weight;
  }
  for (var j = 0u; j < seen; j++) {
    output[output_at + j] /= mass;
  }
  for (var j = seen; j < params.keys; j++) {
    output[output_at + j] = 0.0;
  }
}
