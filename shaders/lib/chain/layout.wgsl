// A chain's memory and what it is told. Planes of STRIDE floats: W the position, GRADIENT the mean loss's gradient, then what
// the method keeps (momentum or average of squares; where the last trajectory started and the gradient there), then
// SCRATCH floats for the target. Chains of a workgroup are interleaved element by element.

#include "lib/philox.wgsl"
#include "lib/normal.wgsl"
#include "lib/stretch.wgsl"
#include "lib/math.wgsl"

override METHOD: u32 = 0u; // 0 sgld, 1 rmsprop-sgld, 2 sgnht, 3 sghmc, 4 mala and hmc
override STRIDE: u32 = 8u; // P, a multiple of 4
override PLANES: u32 = 2u;
override SCRATCH: u32 = 0u;
override CHAINS: u32 = 16u; // chains a workgroup holds

const W = 0u;
const GRADIENT = 1u;
const MOMENTUM = 2u; // of rmsprop-sgld the average of squares
override START: u32 = PLANES - 2u; // of mala and hmc: w where the trajectory began
override START_GRADIENT: u32 = PLANES - 1u; // and ∇L there
const PREVIOUS = 2u; // of sgld: w where the step whose acceptance is measured began

const NOISE = 2u; // src/random/streams.ts
const FIRST_MOMENTUM = 8u;
const ACCEPT = 9u;
const GRADIENT_NOISE = 10u;

struct Params {
  replicas: u32,
  row_every: u32,
  capacity: u32, // rows of the ring
  leapfrog: u32,
  acceptance_every: u32, // 0: never
  fixed_stride: u32, // vec4s of `fixed` a chain; 0 where all share one
  directions: u32, // vec4 of `fixed` where the two directions begin; 0: there are none
}

@group(0) @binding(0) var<uniform> params: Params;
// [step, end, steps of a dispatch, 0, seed of chain 0, its lane, …]
@group(0) @binding(1) var<storage, read> clock: array<u32>;
// [R, 3]: (ε, nβ, γ, λ), (noise, box or 0, α or friction, δ), (baseline, its low part, d, √ε); `noise` is the
// factor on η: √ε·σ, √(2Aε)·σ or √(2(a − b)ε)·σ.
@group(0) @binding(2) var<storage, read> hyper: array<vec4f>;
// Anchor and mask of four elements in turn, [P / 4, 2] or [R, P / 4, 2], then the directions [2, P / 4].
@group(0) @binding(3) var<storage, read> fixed: array<vec4f>;
// What the target is made of; see its file.
@group(0) @binding(4) var<storage, read> facts: array<u32>;
@group(0) @binding(5) var<storage, read_write> parameters: array<vec4f>; // [R, P / 4]
// [R, (PLANES - 2) · P / 4 + 2]: kept planes, then the scalars `accepted` and `other`.
@group(0) @binding(6) var<storage, read_write> state: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> ring: array<u32>; // [capacity, 12, R]

var<private> slot: u32; // of this chain in the workgroup
var<private> member: u32; // of this invocation in the chain's team
var<private> key: vec2u;
var<private> rates: vec4f;
var<private> settings: vec4f;
var<private> base: vec4f;
var<private> root: f32; // √ε, of hmc the step length of the trajectory under way

// What a chain carries from step to step beside its planes.
var<private> accepted: vec4f; // loss, ‖w - w*‖², ‖w‖² of the state accepted last, ‖p‖² where its trajectory began
var<private> other: vec4f; // its two projections, ξ of sgnht, U of the step whose acceptance is measured

fn fact(i: u32) -> f32 {
  return bitcast<f32>(facts[i]);
}

fn place(plane: u32, i: u32) -> u32 {
  return (plane * STRIDE + i) * CHAINS + slot;
}

fn load(plane: u32, i: u32) -> f32 {
  return memory[place(plane, i)];
}

fn store(plane: u32, i: u32, value: f32) {
  memory[place(plane, i)] = value;
}

fn load4(plane: u32, vector: u32) -> vec4f {
  let at = place(plane, 4u * vector);
  return vec4f(memory[at], memory[at + CHAINS], memory[at + 2u * CHAINS], memory[at + 3u * CHAINS]);
}

fn store4(plane: u32, vector: u32, value: vec4f) {
  let at = place(plane, 4u * vector);
  memory[at] = value.x;
  memory[at + CHAINS] = value.y;
  memory[at + 2u * CHAINS] = value.z;
  memory[at + 3u * CHAINS] = value.w;
}

// Four normals of counter (step, vector, stream, 0).
fn draw4(step: u32, vector: u32, stream: u32) -> vec4f {
  return normals(philox(key, vec4u(step, vector, stream, 0u)));
}

// A member's share of the loss less the baseline, which the first one takes off.
fn less_baseline(loss: f32) -> f32 {
  if (member > 0u) {
    return loss;
  }
  return (loss - base.x) - base.y;
}

// Bit by bit: WGSL may assume that no NaN exists.
fn finite4(v: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(v) & vec4u(0x7f800000u)) != vec4u(0x7f800000u);
}
