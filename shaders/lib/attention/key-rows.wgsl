// Body of attention-key-rows and attention-key-rows-scalar.
#include "lib/exp.wgsl"
#include "lib/attention/params.wgsl"
#include "lib/attention/quads.wgsl"
#include "lib/attention/statistics.wgsl"

override WORKGROUP: u32 = 64;

fn gradients_at(at: vec4u, c: u32) -> mat4x4f {
  return mat4x4f(
    load_gradient(at.x, c), load_gradient(at.y, c), load_gradient(at.z, c), load_gradient(at.w, c),
  );
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
  let place = place_of(index, (params.keys + 3u) / 4u);
  let first = 4u * place.row;
  let key_at =
    rows_from(
      origin_of(place, params.keyStrides, params.offsets.y),
      first,
      params.keys - 1u,
      params.keyStrides.y,
    );
  let value_at =
    rows_from(
      origin_of(place, params.valueStrides, params.offsets.z),
      first,
      params.keys - 1u,
      params.valueStrides.y,
    );
  let query_origin = origin_of(place, params.queryStrides, params.offsets.x);
  let gradient_origin = origin_of(place, params.gradientStrides, params.offsets.w);
  let statistics_origin = statistics_of(place);

  var key_sums: array<mat4x4f, CHUNKS>;
  var value_sums: array<mat4x4f, CHUNKS>;
  for (var i = max(first, params.shift) - params.shift; i < params.queries; i += 4u) {
    let query_at = rows_from(query_origin, i, params.queries - 1u, params.queryStrides.y);
    let gradient_at = rows_from(gradient_origin, i, params.queries - 1u, params.gradientStrides.y);
    // Column j belongs to key j, its elements to the queries.
    var scores = mat4x4f();
    var dp = mat4x4f();
    for (var c = 0u; c < params.depth; c += 4u) {
      let q = queries_at(query_at, c);
      let k = keys_at(key_at, c);
      scores += mat4x4f(k[0] * q, k[1] * q, k[2] * q, k[3] * q);
      let g = gradients_at(gradient_at, c);
      let v = values_at(value_at, c);
      dp += mat4x4f(v[0] * g, v[1] * g, v[2] * g, v[3] * g);
    }
    let rows = load_statistics(statistics_origin, i);
    let p = mat4x4f(
      key_probabilities(scores[0], rows, i, first),
      key_probabilities(scores[1], rows, i, first + 1u),
      key_probabilities(scores[2], rows, i, first + 2u),
      key_probabilities(scores[3], rows, i, first + 3u),
    );
    let ds = mat4x4f(
      p[0] * (dp[0] - rows.delta) * params.scale,
      p[1] * (dp[1] - rows.delta) * params.scale,
      p[2] * (dp[2] - rows.delta) * params.scale,
      p[3] * (dp[3] - rows.delta) * params.scale,
    );
    for (var c = 0u; c < params.depth; c += 4u) {
      let q = queries_at(query_at, c);
      let g = gradients_at(gradient_at, c);
      key_sums[c / 4u] += mat4x4f(q * ds[0], q * ds[1], q * ds[2], q * ds[3]);
      value_sums[c / 4u] += mat4x4f(g * p[0], g * p[1], g * p[2], g * p[3]);
    }
  }

  let step = params.heads * params.depth;
  let key_out = result_origin(place, params.keys, 0u) + first * step;
  let value_out =
    result_origin(place, params.keys, params.batch * params.keys * step) + first * step;
  for (var j = 0u; j < 4u && first + j < params.keys; j++) {
    for (var c = 0u; c < params.depth; c += 4u) {
      store_output(key_out + j * step, c, key_sums[c / 4u][j]);
      store_output(value_out + j * step, c, value_sums[c / 4u][j]);
    }
  }
}
