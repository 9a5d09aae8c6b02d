// First half of the gradient of token-attention/forward.wgsl, per sample and head: with g the gradient of z,
//
//   p = softmax(scale q·k_j),  s_j = scale p_j (g·v_j - sum over i of p_i g·v_i),  dq = sum over j of s_j k_j
//
// Shapes  as there; gradient [copies, batch, heads, depth]; output per copy: dq [batch, heads, depth], then rows p, s of 4 each
//         [batch, heads, 2, 4].
// Grid    an invocation per (copy, sample, head), heads fastest; folded into x and y.
// Reads   table, tokens, gradient. Writes output.
#include "lib/token-attention/samples.wgsl"

override WORKGROUP: u32 = 64u;

@group(0) @binding(3) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> output: array<vec4f>;

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
  let gradient_at = params.gradient.x + place.copy * params.gradient.w
    + place.sample * params.gradient.y + place.head * params.gradient.z;
  var scores = vec4f();
  var dp = vec4f();
  for (var c = 0u; c < params.depth; c += 4u) {
    scores += along_keys(place, row, KEY, c, query(place.copy, place.head, c));
    dp += along_keys(place, row, VALUE, c, gradient[(gradient_at + c) / 4]);
  }
  let p = weights_of(scores);
  let s = p * (dp - dot(p, dp)) * params.scale;
  let own = place.sample * params.heads + place.head;
  let start = params.output.x + place.copy * params.output.y;
  for (var c = 0u; c < params.depth; c += 4u) {
    var dq = vec4f();
    for (var j = 0u; j < KEYS; j++) {
      dq += s[j] * projection(place.copy, row[j], j, KEY, place.head, c);
    }
    output[(start + own * params.depth + c) / 4] = dq;
  }
  let behind = (start + params.batch * params.heads * params.depth) / 4 + 2 * own;
  output[behind] = p;
  output[behind + 1] = s;
}
