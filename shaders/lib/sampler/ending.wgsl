// What the kernels that end a step of a sampler share: an invocation a chain, which adds up the partial sums in order.
#include "lib/sampler/sums.wgsl"

override WORKGROUP: u32 = 64;

struct Params {
  replicas: u32,
  lanes: u32, // of partial sums, per chain
  loss: vec2u, // offset, stride of chains
  period: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partials: array<vec4f>; // [R, lanes, 3]
@group(0) @binding(2) var<storage, read> hyper: array<vec4f>; // [R, 8], two vec4s
@group(0) @binding(3) var<storage, read> losses: array<f32>;
@group(0) @binding(4) var<storage, read> clock: array<u32>;
@group(0) @binding(5) var<storage, read_write> metrics: array<f32>; // [R, 12], src/optim/sampler/options.ts
@group(0) @binding(6) var<storage, read_write> scalars: array<f32>;

fn total(replica: u32) -> Sums {
  var sums: Sums;
  for (var lane = 0u; lane < params.lanes; lane++) {
    let at = (replica * params.lanes + lane) * SUMS;
    sums = add_sums(sums, Sums(partials[at], partials[at + 1u], partials[at + 2u]));
  }
  return sums;
}

fn loss_of(replica: u32) -> f32 {
  return losses[params.loss.x + replica * params.loss.y];
}

fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}
