// Gradient of attention by the query, for GPUs, and what the gradients by key and value need of
// each query.
//
// Shapes  query, gradient, attended [copies, batch, queries, heads, depth]; key, value [copies,
//         batch, keys, heads, depth]; strided in all but the depth; output: dq, dense, then [batch,
//         heads, queries] rows (peak, 1 / mass, delta, 0). Depth = 4 CHUNKS (at most 92), offsets
//         and strides are multiples of 4.
// Grid    a workgroup per (copy, example, 32 queries, head), heads fastest; folded into x and y.
// Reads   query, gradient once per 16 keys, attended, key and value once per 32 queries. Writes
//         output.
// Caveat  as attention-query-rows.wgsl, which has the formula.
// Source  T. Dao et al., arXiv 2205.14135, appendix B.
#include "lib/exp.wgsl"
#include "lib/attention/params.wgsl"
#include "lib/attention/mask.wgsl"
#include "lib/attention/tiles.wgsl"
#include "lib/attention/statistics-place.wgsl"
#include "lib/attention/load-vector.wgsl"
#include "lib/attention/load-vector-gradient.wgsl"
#include "lib/attention/load-vector-attended.wgsl"

// Gradients of the probabilities, laid out as first_scores.
var<workgroup> second_scores: array<vec4f, 128>;

struct Row {
  peak: f32,
  mass: f32,
  fade: f32,
  weights: mat4x4f,
}

// Takes 16 more scores into a row's running softmax; the weights are those of the keys in dq.
fn absorb(row: Row, number: u32, delta: f32) -> Row {
  let at = 4u * number;
  let s =
    mat4x4f(first_scores[at], first_scores[at + 1u], first_scores[at + 2u], first_scores[at + 3u]);
  let peak = max(row.peak, max_of(max(max(s[0], s[1]), max(s[2], s[3]))));
  let p = mat4x4f(
    exponential_row(s[0], peak),
    exponential_row(s[1], peak),
    exponential_row(s[2], peak),
    exponential_row(s[3], peak),
  );
  let fade = exp_exact(vec4f(row.peak - peak)).x;
  let mass = row.mass * fade + sum_of((p[0] + p[1]) + (p[2] + p[3]));
  let weights = mat4x4f(
    p[0] * (second_scores[at] - delta),
    p[1] * (second_scores[at + 1u] - delta),
    p[2] * (second_scores[at + 2u] - delta),
    p[3] * (second_scores[at + 3u] - delta),
  );
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
  let near = min(vec2u(i, i + 1u), vec2u(params.queries - 1u));
  let query_at =
    origin_of(place, params.queryStrides, params.offsets.x) + near * params.queryStrides.y;
  let gradient_at =
    origin_of(place, params.gradientStrides, params.offsets.w) + near * params.gradientStrides.y;
  let attended_at = origin_of(
    place, params.attendedStrides, params.attendedOffset,
  ) + near * params.attendedStrides.y;
  let key_origin = origin_of(place, params.keyStrides, params.offsets.y);
  let value_origin = origin_of(place, params.valueStrides, params.offsets.z);

  var delta = vec2f(0.0);
  for (var c = 0u; c < params.depth; c += 4u) {
    delta.x += dot(load_gradient(gradient_at.x, c), load_attended(attended_at.x, c));
    delta.y += dot(load_gradient(gradient_at.y, c), load_attended(attended_at.y, c));
  }

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
    var dp = vec4f(0.0);
    var more_dp = vec4f(0.0);
    for (var c = 0u; c < CHUNKS; c++) {
      let k = first_rows(lane, c);
      scores += load_query(query_at.x, 4u * c) * k;
      more_scores += load_query(query_at.y, 4u * c) * k;
      let v = second_rows(lane, c);
      dp += load_gradient(gradient_at.x, 4u * c) * v;
      more_dp += load_gradient(gradient_at.y, 4u * c) * v;
    }
    first_scores[4u * pair + lane] = mask_row(scores * params.scale, i, j + 4u * lane);
    first_scores[4u * pair + 4u + lane] = mask_row(
      more_scores * params.scale, i + 1u, j + 4u * lane,
    );
    second_scores[4u * pair + lane] = dp;
    second_scores[4u * pair + 4u + lane] = more_dp;
    workgroupBarrier();
    row = absorb(row, pair, delta.x);
    next_row = absorb(next_row, pair + 1u, delta.y);
    for (var h = 0u; h < HELD; h++) {
      let c = lane + 4u * h;
      if (c < CHUNKS) {
        sums[h] = sums[h] * row.fade + mix_first(row.weights, c);
        more_sums[h] = more_sums[h] * next_row.fade + mix_first(next_row.weights, c);
      }
    }
    workgroupBarrier();
  }

  let step = params.heads * params.depth;
  let output_at = result_origin(place, params.queries, 0u) + i * step;
  for (var h = 0u; h < HELD; h++) {
    let c = lane + 4u * h;
    if (c < CHUNKS && i < params.queries) {
      store_output(output_at, 4u * c, sums[h] * (params.scale / row.mass));
    }
    if (c < CHUNKS && i + 1u < params.queries) {
      store_output(output_at + step, 4u * c, more_sums[h] * (params.scale / next_row.mass));
    }
  }
  let statistics_at = statistics_origin(place) + 4u * i;
  if (lane == 0u && i < params.queries) {
    store_four(statistics_at, vec4f(row.peak, 1.0 / row.mass, delta.x, 0.0));
  }
  if (lane == 1u && i + 1u < params.queries) {
    store_four(statistics_at + 4u, vec4f(next_row.peak, 1.0 / next_row.mass, delta.y, 0.0));
  }
}
