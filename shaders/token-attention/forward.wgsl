// Attention of the last position over a sample's few tokens, straight from the table of their projections:
//
//   z = sum over j of softmax_j(scale q·k_j) v_j,   k_j = K[token_j] + K[V + j],  v_j alike,  q = Q[last] + Q[V + KEYS - 1]
//
// Shapes  table [copies, V + KEYS, 3 heads depth]: lib/token-attention/table.wgsl; tokens u32 [batch, KEYS]; output [copies,
//         batch, heads, depth], dense. Depth a multiple of 4.
// Grid    an invocation per (copy, sample, head), heads fastest; folded into x and y.
// Reads   table, tokens. Writes output.
// Source  A. Vaswani et al., arXiv 1706.03762, equation 1; keys and values once per token, since they depend on no sample.
#include "lib/token-attention/samples.wgsl"

override WORKGROUP: u32 = 64u;

@group(0) @binding(3) var<storage, read_write> output: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.total) {
    return;
  }
  let place = find_place(index);
  let row = tokens_of(place);
  var scores = vec4f();
  for (var c = 0u; c < params.depth; c += 4u) {
    scores += along_keys(place, row, KEY, c, query(place.copy, place.head, c));
  }
  let weights = weights_of(scores);
  let start = params.output.x + place.copy * params.output.y
    + (place.sample * params.heads + place.head) * params.depth;
  for (var c = 0u; c < params.depth; c += 4u) {
    var mix = vec4f();
    for (var j = 0u; j < KEYS; j++) {
      mix += weights[j] * projection(place.copy, row[j], j, VALUE, place.head, c);
    }
    output[(start + c) / 4] = mix;
  }
}
