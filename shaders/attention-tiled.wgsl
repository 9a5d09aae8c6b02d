// Attention for GPUs: tiles of keys and values in workgroup memory, with a running maximum and sum.
//
// Shapes  query, output [copies, batch, queries, heads, depth]; key, value [copies, batch, keys,
//         heads, depth]; strided in all but the depth. Depth = 4 CHUNKS (at most 92), offsets and
//         strides are multiples of 4.
// Grid    a workgroup per (copy, example, 32 queries, head), heads fastest; folded into x and y.
// Reads   query once per 16 keys, key and value once per 32 queries. Writes output.
// Caveat  as attention-rows.wgsl. The four lanes of a row each work out its maximum and sum:
//         cheaper than another barrier.
// Source  T. Dao et al., arXiv 2205.14135, algorithm 1.
#include "lib/exp.wgsl"
#include "lib/attention/params.wgsl"
#include "lib/attention/mask.wgsl"
#include "lib/attention/tiles.wgsl"
#include "lib/attention/load-vector.wgsl"

struct Row {
  peak: f32,
  mass: f32,
  fade: f32,
  weights: mat4x4f,
}

// Takes 16 more scores into a row's running softmax.
fn absorb(row: Row, scores: mat4x4f) -> Row {
  let most = max(max(scores[0], scores[1]), max(scores[2], scores[3]));
  let peak = max(row.peak, max_of(most));
  let weights = mat4x4f(
    exponential_row(scores[0], peak),
    exponential_row(scores[1], peak),
    exponential_row(scores[2], peak),
    exponential_row(scores[3], peak),
  );
  let fade = exp_exact(vec4f(row.peak - peak)).x;
  let mass = row.mass * fade + sum_of((weights[0] + weights[1]) + (weights[2] + weights[3]));
  return Row(peak, mass, fade, weights);
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
  let place = place_of(index, (params.queries + RESIDENT - 1u) / RESIDENT);
  let lane = local % 4u;
  let pair = 2u * (local / 4u);
  let i = RESIDENT * place.row + pair;
  let query_origin = origin_of(place, params.queryStrides, params.offsets.x);
  let query_at =
    vec2u(query_origin) + min(vec2u(i, i + 1u), vec2u(params.queries - 1u)) * params.queryStrides.y;
  let key_origin = origin_of(place, params.keyStrides, params.offsets.y);
  let value_origin = origin_of(place, params.valueStrides, params.offsets.z);

  var sums: array<vec4f, HELD>;
  var more_sums: array<vec4f, HELD>;
  var row = Row(-1e30, 0.0, 1.0, mat4x4f());
  var next_row = row;
  let end = min(params.keys, RESIDENT * place.row + RESIDENT + params.shift);
  for (var j = 0u; j < end; j += STREAMED) {
    for (var t = local; t < STREAMED * CHUNKS; t += INVOCATIONS) {
      let from_row = min(j + t / CHUNKS, params.keys - 1u);
      let to_place = t / CHUNKS * PITCH + t % CHUNKS;
      first_tile[to_place] =
        load_key(key_origin + from_row * params.keyStrides.y, 4u * (t % CHUNKS));
      second_tile[to_place] =
        load_value(value_origin + from_row * params.valueStrides.y, 4u * (t % CHUNKS));
    }
    workgroupBarrier();
    var scores = vec4f(0.0);
    var more_scores = vec4f(0.0);
    for (var c = 0u; c < CHUNKS; c++) {
      let k = first_rows(lane, c);
      scores += load_query(query_at.x, 4u * c) * k;
      more_scores += load_query(query_at.y, 4u * c) * k;
    }
    first_scores[4u * pair + lane] = mask_row(scores * params.scale, i, j + 4u * lane);
    first_scores[4u * pair + 4u + lane] = mask_row(
      more_scores * params.scale, i + 1u, j + 4u * lane,
    );
    workgroupBarrier();
    row = absorb(row, scores_of(pair));
    next_row = absorb(next_row, scores_of(pair + 1u));
    for (var h = 0u; h < HELD; h++) {
      let c = lane + 4u * h;
      if (c < CHUNKS) {
        sums[h] = sums[h] * row.fade + mix_second(row.weights, c);
        more_sums[h] = more_sums[h] * next_row.fade + mix_second(next_row.weights, c);
      }
    }
    workgroupBarrier();
  }

  let step = params.heads * params.depth;
  let output_at = result_origin(place, params.queries, 0u) + i * step;
  for (var h = 0u; h < HELD; h++) {
    let c = lane + 4u * h;
    if (c < CHUNKS && i < params.queries) {
      store_output(output_at, 4u * c, sums[h] / row.mass);
    }
    if (c < CHUNKS && i + 1u < params.queries) {
      store_output(output_at + step, 4u * c, more_sums[h] / next_row.mass);
    }
  }
}
