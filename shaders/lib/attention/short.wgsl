// Body of attention-short and attention-short-scalar.
#include "lib/exp.wgsl"
#include "lib/attention/params.wgsl"

override WORKGROUP: u32 = 64;
// The number of keys, 1 to 8: rows past it cost nothing.
override KEYS: u32 = 8;

fn key_row(at: u32, j: u32, column: u32) -> vec4f {
  if (j < KEYS) {
    return load_key(at + j * params.keyStrides.y, column);
  }
  return vec4f(0.0);
}

fn value_row(at: u32, j: u32, column: u32) -> vec4f {
  if (j < KEYS) {
    return load_value(at + j * params.valueStrides.y, column);
  }
  return vec4f(0.0);
}

fn keys_at(at: u32, j: u32, c: u32) -> mat4x4f {
  return mat4x4f(
    key_row(at, j, c), key_row(at, j + 1u, c), key_row(at, j + 2u, c), key_row(at, j + 3u, c),
  );
}

fn values_at(at: u32, j: u32, c: u32) -> mat4x4f {
  return mat4x4f(
    value_row(at, j, c),
    value_row(at, j + 1u, c),
    value_row(at, j + 2u, c),
    value_row(at, j + 3u, c),
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
  let place = place_of(index, params.queries);
  let query_at =
    origin_of(place, params.queryStrides, params.offsets.x) + place.row * params.queryStrides.y;
  let key_at = origin_of(place, params.keyStrides, params.offsets.y);
  let value_at = origin_of(place, params.valueStrides, params.offsets.z);

  // Scores of keys 0 to 3 and 4 to 7.
  var near = vec4f(0.0);
  var far = vec4f(0.0);
  for (var c = 0u; c < params.depth; c += 4u) {
    let q = load_query(query_at, c);
    near += q * keys_at(key_at, 0u, c);
    if (KEYS > 4u) {
      far += q * keys_at(key_at, 4u, c);
    }
  }

  let seen = vec4u(min(KEYS, place.row + params.shift + 1u));
  let near_seen = vec4u(0u, 1u, 2u, 3u) < seen;
  let far_seen = vec4u(4u, 5u, 6u, 7u) < seen;
  near = select(vec4f(-1e30), near * params.scale, near_seen);
  far = select(vec4f(-1e30), far * params.scale, far_seen);
  let peak = max_of(max(near, far));
  near = select(vec4f(0.0), exp_exact(near - peak), near_seen);
  var mass = sum_of(near);
  if (KEYS > 4u) {
    far = select(vec4f(0.0), exp_exact(far - peak), far_seen);
    mass += sum_of(far);
  }
  near /= mass;
  far /= mass;

  let output_at =
    result_origin(place, params.queries, 0u) + place.row * params.heads * params.depth;
  for (var c = 0u; c < params.depth; c += 4u) {
    var mix = values_at(value_at, 0u, c) * near;
    if (KEYS > 4u) {
      mix += values_at(value_at, 4u, c) * far;
    }
    store_output(output_at, c, mix);
  }
}
