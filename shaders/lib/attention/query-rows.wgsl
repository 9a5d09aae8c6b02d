// Body of attention-query-rows and attention-query-rows-scalar.
#include "lib/exp.wgsl"
#include "lib/attention/params.wgsl"
#include "lib/attention/quads.wgsl"
#include "lib/attention/statistics-place.wgsl"

override WORKGROUP: u32 = 64;

fn gradients_at(at: vec4u, c: u32) -> mat4x4f {
  return mat4x4f(
    load_gradient(at.x, c), load_gradient(at.y, c), load_gradient(at.z, c), load_gradient(at.w, c),
  );
}

// Per row the product of the result and its gradient: sum over the keys of p dp.
fn projections(gradient_at: vec4u, attended_at: vec4u) -> vec4f {
  var sum = vec4f(0.0);
  for (var c = 0u; c < params.depth; c += 4u) {
    let g = gradients_at(gradient_at, c);
    sum += vec4f(
      dot(g[0], load_attended(attended_at.x, c)),
      dot(g[1], load_attended(attended_at.y, c)),
      dot(g[2], load_attended(attended_at.z, c)),
      dot(g[3], load_attended(attended_at.w, c)),
    );
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.total) {
    return;
  }
  let place = place_of(index, (params.queries + 3u) / 4u);
  let first = 4u * place.row;
  let last = params.queries - 1u;
  let query_at = rows_from(
    origin_of(place, params.queryStrides, params.offsets.x),
    first,
    last,
    params.queryStrides.y,
  );
  let gradient_at =
    rows_from(
      origin_of(place, params.gradientStrides, params.offsets.w),
      first,
      last,
      params.gradientStrides.y,
    );
  let attended_at =
    rows_from(
      origin_of(place, params.attendedStrides, params.attendedOffset),
      first,
      last,
      params.attendedStrides.y,
    );
  let key_origin = origin_of(place, params.keyStrides, params.offsets.y);
  let value_origin = origin_of(place, params.valueStrides, params.offsets.z);
  let delta = projections(gradient_at, attended_at);

  var sums: array<mat4x4f, CHUNKS>;
  var peak = vec4f(-1e30);
  var mass = vec4f(0.0);
  let end = min(params.keys, first + params.shift + 4u);
  for (var j = 0u; j < end; j += 4u) {
    let key_at = rows_from(key_origin, j, params.keys - 1u, params.keyStrides.y);
    let value_at = rows_from(value_origin, j, params.keys - 1u, params.valueStrides.y);
    var scores = mat4x4f();
    var dp = mat4x4f();
    for (var c = 0u; c < params.depth; c += 4u) {
      let k = keys_at(key_at, c);
      let q = queries_at(query_at, c);
      scores += mat4x4f(q[0] * k, q[1] * k, q[2] * k, q[3] * k);
      let v = values_at(value_at, c);
      let g = gradients_at(gradient_at, c);
      dp += mat4x4f(g[0] * v, g[1] * v, g[2] * v, g[3] * v);
    }
    scores = mask_keys(scores * params.scale, first, j);
    let risen =
      max(peak, vec4f(max_of(scores[0]), max_of(scores[1]), max_of(scores[2]), max_of(scores[3])));
    let fade = exp_exact(peak - risen);
    peak = risen;
    let p = exponentials(scores, peak);
    mass = mass * fade + vec4f(sum_of(p[0]), sum_of(p[1]), sum_of(p[2]), sum_of(p[3]));

    let ds = mat4x4f(
      p[0] * (dp[0] - delta.x),
      p[1] * (dp[1] - delta.y),
      p[2] * (dp[2] - delta.z),
      p[3] * (dp[3] - delta.w),
    );
    for (var c = 0u; c < params.depth; c += 4u) {
      let k = keys_at(key_at, c);
      let old = sums[c / 4u];
      sums[c / 4u] = mat4x4f(
        old[0] * fade.x + k * ds[0],
        old[1] * fade.y + k * ds[1],
        old[2] * fade.z + k * ds[2],
        old[3] * fade.w + k * ds[3],
      );
    }
  }

  let step = params.heads * params.depth;
  let output_at = result_origin(place, params.queries, 0u) + first * step;
  let statistics_at = statistics_origin(place) + 4u * first;
  for (var i = 0u; i < 4u && first + i < params.queries; i++) {
    let factor = params.scale / mass[i];
    for (var c = 0u; c < params.depth; c += 4u) {
      store_output(output_at + i * step, c, sums[c / 4u][i] * factor);
    }
    store_four(statistics_at + 4u * i, vec4f(peak[i], 1.0 / mass[i], delta[i], 0.0));
  }
}
