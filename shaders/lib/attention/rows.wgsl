// Body of attention-rows and attention-rows-scalar.
#include "lib/exp.wgsl"
#include "lib/attention/params.wgsl"
#include "lib/attention/quads.wgsl"

override WORKGROUP: u32 = 64;

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
  let key_origin = origin_of(place, params.keyStrides, params.offsets.y);
  let value_origin = origin_of(place, params.valueStrides, params.offsets.z);

  var sums: array<mat4x4f, CHUNKS>;
  var peak = vec4f(-1e30);
  var mass = vec4f(0.0);
  let end = min(params.keys, first + params.shift + 4u);
  for (var j = 0u; j < end; j += 4u) {
    let key_at = rows_from(key_origin, j, params.keys - 1u, params.keyStrides.y);
    var scores = mat4x4f();
    for (var c = 0u; c < params.depth; c += 4u) {
      let k = keys_at(key_at, c);
      let q = queries_at(query_at, c);
      scores += mat4x4f(q[0] * k, q[1] * k, q[2] * k, q[3] * k);
    }
    scores = mask_keys(scores * params.scale, first, j);
    let risen =
      max(peak, vec4f(max_of(scores[0]), max_of(scores[1]), max_of(scores[2]), max_of(scores[3])));
    let fade = exp_exact(peak - risen);
    peak = risen;
    let p = exponentials(scores, peak);
    mass = mass * fade + vec4f(sum_of(p[0]), sum_of(p[1]), sum_of(p[2]), sum_of(p[3]));

    let value_at = rows_from(value_origin, j, params.keys - 1u, params.valueStrides.y);
    for (var c = 0u; c < params.depth; c += 4u) {
      let v = values_at(value_at, c);
      let old = sums[c / 4u];
      sums[c / 4u] = mat4x4f(
        old[0] * fade.x + v * p[0],
        old[1] * fade.y + v * p[1],
        old[2] * fade.z + v * p[2],
        old[3] * fade.w + v * p[3],
      );
    }
  }

  let step = params.heads * params.depth;
  let output_at = result_origin(place, params.queries, 0u) + first * step;
  for (var c = 0u; c < params.depth; c += 4u) {
    let sum = sums[c / 4u];
    for (var i = 0u; i < 4u && first + i < params.queries; i++) {
      store_output(output_at + i * step, c, sum[i] / mass[i]);
    }
  }
}
