// Random numbers from Philox4x32-10 without a state: element i of the tensor is word i % 4 of the block
// first_block + i / 4 at counter (step, block, stream, 0), key (seed, lane) of its replica.
// Shapes: clock [2 + 2 R], see src/graph/types.ts; result dense, one per replica, or one for all by the key of replica 0.
// Grid: an invocation per (replica, four elements), folded into x and y. Reads clock, writes result.
// Numbers: integers, uniforms and bernoulli equal the twin in src/ops/random.ts bit for bit; normals within 8 ULP.

#include "lib/index.wgsl"
#include "lib/philox.wgsl"
#include "lib/normal.wgsl"

override WORKGROUP: u32 = 64u;
override KIND: u32 = 0u; // 0 uniform, 1 normal, 2 bernoulli, 3 integers

struct Params {
  size: u32, // elements of one replica
  blocks: u32, // size / 4, rounded up
  units: u32,
  first_block: u32,
  stream: u32,
  below: u32,
  held: u32, // at steps s > 0 with s mod held = 0 the counter is that of s - 1; 0 never
  probability: f32,
  result: vec2u, // offset, stride of replicas
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> clock: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;

fn draw(words: vec4u) -> vec4u {
  switch KIND {
    case 1u: {
      return bitcast<vec4u>(normals(words));
    }
    case 2u: {
      var bits = vec4u();
      for (var k = 0u; k < 4u; k++) {
        bits[k] = bitcast<u32>(select(0.0, 1.0, uniform01(words[k]) < params.probability));
      }
      return bits;
    }
    case 3u: {
      var drawn = vec4u();
      for (var k = 0u; k < 4u; k++) {
        drawn[k] = multiply_high(words[k], params.below);
      }
      return drawn;
    }
    default: {
      var bits = vec4u();
      for (var k = 0u; k < 4u; k++) {
        bits[k] = bitcast<u32>(uniform01(words[k]));
      }
      return bits;
    }
  }
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
  let replica = i / params.blocks;
  let block = i % params.blocks;
  let key = vec2u(clock[2u + 2u * replica], clock[3u + 2u * replica]);
  let now = clock[0];
  let again = params.held > 0u && now > 0u && now % max(params.held, 1u) == 0u;
  let counter = vec4u(select(now, now - 1u, again), params.first_block + block, params.stream, 0u);
  let bits = draw(philox(key, counter));
  let start = params.result.x + replica * params.result.y + 4u * block;
  for (var k = 0u; k < min(4u, params.size - 4u * block); k++) {
    result[start + k] = bits[k];
  }
}
