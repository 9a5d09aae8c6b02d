// A chain's memory and what it is told. Planes of STRIDE floats: W the position, GRADIENT the mean loss's gradient, then what
// the method keeps (momentum or average of squares; where the last trajectory started and the gradient there), then
// SCRATCH floats for the target. Chains of a workgroup are interleaved element by element.

#include "lib/philox.wgsl"
#include "lib/normal.wgsl"
#include "lib/math.wgsl"

override METHOD: u32 = 0u; // 0 sgld, 1 rmsprop-sgld, 2 sgnht, 3 sghmc, 4 mala and hmc
override STRIDE: u32 = 8u; // P, a multiple of 4
override PLANES: u32 = 2u;
override SCRATCH: u32 = 0u;
override CHAINS: u32 = 16u; // chains a workgroup holds

const W = 0u;
const GRADIENT = 1u;
const MOMENTUM = 2u; // of rmsprop-sgld the average of squares
override START: u32 = PLANES - 2u; // w where the trajectory, or the measured step, began
override START_GRADIENT: u32 = PLANES - 1u; // ∇L there

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
// [R, 4]: (ε, nβ, γ, λ), (noise, box or 0, α or friction, δ), (baseline, its low part, d, 1/σ²), (√ε, 0, 0, 0); `noise` is the
// factor on η: √ε·σ (√ε too for mala and hmc), √(2Aε)·σ, √(2(a − b)ε)·σ; for rmsprop-sgld σ·√ε.
@group(0) @binding(2) var<storage, read> hyper: array<vec4f>;
// Anchor and mask of four elements in turn, [P / 4, 2] or [R, P / 4, 2], then the directions [2, P / 4].
@group(0) @binding(3) var<storage, read> fixed: array<vec4f>;
// What the target is made of; see its file.
@group(0) @binding(4) var<storage, read> facts: array<u32>;
@group(0) @binding(5) var<storage, read_write> parameters: array<vec4f>; // [R, P / 4]
// [R, (PLANES - 2) · P / 4 + 2]: kept planes, then thermostat, potential, kinetic energy and loss of the start, diverged.
@group(0) @binding(6) var<storage, read_write> state: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> ring: array<u32>; // [capacity, 12, R]

var<private> slot: u32; // of this chain in the workgroup
var<private> member: u32; // of this invocation in the chain's team
var<private> key: vec2u;
var<private> rates: vec4f;
var<private> settings: vec4f;
var<private> base: vec4f;
var<private> root: f32; // √ε

// What a chain carries from step to step beside its planes.
var<private> thermostat: f32; // ξ of sgnht, a of sghmc
var<private> start_potential: f32; // U where the trajectory (the step whose acceptance is measured) began
var<private> start_kinetic: f32;
var<private> start_loss: f32;
var<private> lost: f32; // above 0 once a value was not finite

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

fn finite4(v: vec4f) -> bool {
  return is_finite_bits(v.x + v.y + v.z + v.w);
}
