// Sorts positions by index: list holds, for v = 0, 1, ..., the positions n with indices[n] = v in ascending order, and
// those of v begin at starts[v]; starts[V] is the end of the last. A counting sort in which each v scans all indices
// twice: O(N V), but one launch; for little work. The long way is scatter-count, scatter-offsets, scatter-fill.
// Shapes: indices [N] with one stride, starts [V + 1], list [N], each once per replica of the indices.
// Grid: an invocation per (replica, v), folded into x and y. Reads indices, writes starts and list. Exact.
// Indices of V or more are in no list.

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;
override CONTIGUOUS: bool = false; // indices lie four by four: offset, stride and N are multiples of 4

struct Params {
  count: u32, // N
  rows: u32, // V
  units: u32, // (replicas of the indices) V
  stride: u32, // of the indices; 1 when CONTIGUOUS
  origin: vec2u, // offset of the indices, stride of their replicas
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> indices: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> starts: array<u32>;
@group(0) @binding(3) var<storage, read_write> list: array<u32>;

fn load(origin: u32, n: u32) -> vec4u {
  if (CONTIGUOUS) {
    return indices[(origin + n) / 4u];
  }
  // Beyond N there is no index: all ones is in no row.
  var four = vec4u(0xffffffffu);
  for (var k = 0u; k < min(4u, params.count - n); k++) {
    let at = origin + (n + k) * params.stride;
    four[k] = indices[at / 4u][at % 4u];
  }
  return four;
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = linear_id(group, groups, WORKGROUP, local);
  if (i >= params.units) {
    return;
  }
  let v = i % params.rows;
  let replica = i / params.rows;
  let origin = params.origin.x + replica * params.origin.y;
  let base = replica * params.count;
  var before = vec4u();
  for (var n = 0u; n < params.count; n += 4u) {
    before += select(vec4u(), vec4u(1u), load(origin, n) < vec4u(v));
  }
  var next = base + before.x + before.y + before.z + before.w;
  let starts_at = replica * (params.rows + 1u) + v;
  starts[starts_at] = next;
  for (var n = 0u; n < params.count; n += 4u) {
    let hit = load(origin, n) == vec4u(v);
    if (any(hit)) {
      for (var k = 0u; k < 4u; k++) {
        if (hit[k]) {
          list[next] = n + k;
          next++;
        }
      }
    }
  }
  if (v + 1u == params.rows) {
    starts[starts_at + 1u] = next;
  }
}
