// Gradients of attention by key and value, for GPUs: keys stay, queries and gradients stream
// through workgroup memory.
//
// Shapes  query, gradient [copies, batch, queries, heads, depth]; key, value [copies, batch, keys,
//         heads, depth]; strided in all but the depth; statistics [copies, batch, heads, queries,
//         4] by (offset, replica stride); output: dk, dv, dense. Depth = 4 CHUNKS (at most 92),
//         offsets and strides are multiples of 4.
// Grid    a workgroup per (copy, example, 32 keys, head), heads fastest; folded into x and y. No
//         atomics: a key's sums belong to one workgroup.
// Reads   key, value once per 16 queries, query, gradient and statistics once per 32 keys. Writes
//         output.
// Caveat  as attention-key-rows.wgsl, which has the formula.
// Source  T. Dao et al., arXiv 2205.14135, appendix B.
#include "lib/exp.wgsl"
#include "lib/attention/params.wgsl"
#include "lib/attention/tiles.wgsl"
#include "lib/attention/statistics.wgsl"
#include "lib/attention/load-vector.wgsl"
#include "lib/attention/load-vector-gradient.wgsl"

// Gradients of the scores, laid out as first_scores, which holds the probabilities.
var<workgroup> second_scores: array<vec4f, 128>;

fn score_gradients_of(row: u32) -> mat4x4f {
  return mat4x4f(
    second_scores[4u * row],
    second_scores[4u * row + 1u],
    second_scores[4u * row + 2u],
    second_scores[4u * row + 3u],
  );
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = workgroup.x + workgroup.y * groups.x;
  if (index >= params.total) {
    return;
  }
  let place = place_of(index, (params.keys + RESIDENT - 1u) / RESIDENT);
  let lane = local % 4u;
  let pair = 2u * (local / 4u);
  let j = RESIDENT * place.row + pair;
  let near = min(vec2u(j, j + 1u), vec2u(params.keys - 1u));
  let key_at = origin_of(place, params.keyStrides, params.offsets.y) + near * params.keyStrides.y;
  let value_at =
    origin_of(place, params.valueStrides, params.offsets.z) + near * params.valueStrides.y;
  let query_origin = origin_of(place, params.queryStrides, params.offsets.x);
  let gradient_origin = origin_of(place, params.gradientStrides, params.offsets.w);
  let statistics_at = statistics_of(place);

  var key_sums: array<vec4f, HELD>;
  var more_key_sums: array<vec4f, HELD>;
  var value_sums: array<vec4f, HELD>;
  var more_value_sums: array<vec4f, HELD>;
  let begin = max(RESIDENT * place.row, params.shift) - params.shift;
  for (var i = begin; i < params.queries; i += STREAMED) {
    for (var t = local; t < STREAMED * CHUNKS; t += INVOCATIONS) {
      let from_row = min(i + t / CHUNKS, params.queries - 1u);
      let to_place = t / CHUNKS * PITCH + t % CHUNKS;
      first_tile[to_place] =
        load_query(query_origin + from_row * params.queryStrides.y, 4u * (t % CHUNKS));
      second_tile[to_place] =
        load_gradient(gradient_origin + from_row * params.gradientStrides.y, 4u * (t % CHUNKS));
    }
    workgroupBarrier();
    var scores = vec4f(0.0);
    var more_scores = vec4f(0.0);
    var dp = vec4f(0.0);
    var more_dp = vec4f(0.0);
    for (var c = 0u; c < CHUNKS; c++) {
      let q = first_rows(lane, c);
      scores += load_key(key_at.x, 4u * c) * q;
      more_scores += load_key(key_at.y, 4u * c) * q;
      let g = second_rows(lane, c);
      dp += load_value(value_at.x, 4u * c) * g;
      more_dp += load_value(value_at.y, 4u * c) * g;
    }
    let rows = load_statistics(statistics_at, i + 4u * lane);
    let p = key_probabilities(scores, rows, i + 4u * lane, j);
    let more_p = key_probabilities(more_scores, rows, i + 4u * lane, j + 1u);
    first_scores[4u * pair + lane] = p;
    first_scores[4u * pair + 4u + lane] = more_p;
    second_scores[4u * pair + lane] = p * (dp - rows.delta) * params.scale;
    second_scores[4u * pair + 4u + lane] = more_p * (more_dp - rows.delta) * params.scale;
    workgroupBarrier();
    let weights = scores_of(pair);
    let more_weights = scores_of(pair + 1u);
    let ds = score_gradients_of(pair);
    let more_ds = score_gradients_of(pair + 1u);
    for (var h = 0u; h < HELD; h++) {
      let c = lane + 4u * h;
      if (c < CHUNKS) {
        key_sums[h] += mix_first(ds, c);
        more_key_sums[h] += mix_first(more_ds, c);
        value_sums[h] += mix_second(weights, c);
        more_value_sums[h] += mix_second(more_weights, c);
      }
    }
    workgroupBarrier();
  }

  let step = params.heads * params.depth;
  let key_out = result_origin(place, params.keys, 0u) + j * step;
  let value_out = result_origin(place, params.keys, params.batch * params.keys * step) + j * step;
  for (var h = 0u; h < HELD; h++) {
    let c = lane + 4u * h;
    if (c < CHUNKS && j < params.keys) {
      store_output(key_out, 4u * c, key_sums[h]);
      store_output(value_out, 4u * c, value_sums[h]);
    }
    if (c < CHUNKS && j + 1u < params.keys) {
      store_output(key_out + step, 4u * c, more_key_sums[h]);
      store_output(value_out + step, 4u * c, more_value_sums[h]);
    }
  }
}
