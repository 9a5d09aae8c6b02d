// What a workgroup keeps of each network or chain it carries: planes of STRIDE floats, W the parameters, GRADIENT the mean loss's
// gradient by them, then what the method keeps, then SCRATCH floats for the target. Those of a workgroup are interleaved element
// by element. The kernel declares the storage buffer `facts`: what the target is made of, see its file.

#include "lib/philox.wgsl"
#include "lib/normal.wgsl"
#include "lib/math.wgsl"
#include "lib/exp.wgsl"

override STRIDE: u32 = 8u; // P, a multiple of 4
override PLANES: u32 = 2u;
override SCRATCH: u32 = 0u;
override CHAINS: u32 = 16u; // chains a workgroup holds

const W = 0u;
const GRADIENT = 1u;

const GRADIENT_NOISE = 10u; // src/random/streams.ts

var<private> chain: u32;
var<private> counted: bool; // false for those that only fill up the last workgroup
var<private> slot: u32; // of this chain in the workgroup
var<private> member: u32; // of this invocation in the chain's team
var<private> key: vec2u;
var<private> correct: f32; // Σ of weights of the samples answered right, this member's, where a target has labels
var<private> base: vec4f; // baseline of the loss and its low part; the method's own in z and w

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
