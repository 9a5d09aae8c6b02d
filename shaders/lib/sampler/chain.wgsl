// What the kernels of samplers share: a chain's settings, its place, its noise, and the pass over its elements.
//
// Shapes  parameters, gradients [R, P]; place: anchor [P] or [R, P], FROZEN where an element is not sampled, then
//         two directions [2, P]; hyper [R, 8]; clock [step, 0, seed of chain 0, its lane, ...]; partials
//         [R, lanes, 3], all in vec4s.
// Grid    x strides over the vec4s of a chain, y then z count chains; HEIGHT chains a workgroup.
// A kernel gives `sweep`, which passes over the vec4s first, first + stride, ... of a chain and returns
// sums over them; alone.wgsl or team.wgsl gives `deposit`, which adds up what invocations of a chain return.
// Caveat  nothing hangs on NaN or infinity but by bit patterns: a chain that is not finite stays so, alone.
#include "lib/sampler/sums.wgsl"
#include "lib/philox.wgsl"
#include "lib/normal.wgsl"

override WIDTH: u32 = 64;
override HEIGHT: u32 = 1;
override DIRECTED: bool = false; // there are directions to project on

const NOISE = 2u; // as in src/random/streams.ts
const MOMENTUM = 8u;
const FROZEN = 3e38;

struct Params {
  vectors: u32, // P / 4
  replicas: u32,
  place_stride: u32, // of chains, in vec4s
  directions: u32, // where they begin in place, in vec4s
  period: u32, // steps between measurements of acceptance, 0 for never; leapfrog steps of a trajectory
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(3) var<storage, read> place: array<vec4f>;
@group(0) @binding(4) var<storage, read> hyper: array<vec4f>;

struct Chain {
  lr: f32,
  nbeta: f32,
  localization: f32,
  decay: f32,
  noise_level: f32,
  box: f32,
  a: f32, // decay of rmsprop-sgld, friction
  b: f32, // stability of rmsprop-sgld, noise estimate of sghmc
}

fn load_chain(replica: u32) -> Chain {
  let first = hyper[2u * replica];
  let second = hyper[2u * replica + 1u];
  return Chain(first.x, first.y, first.z, first.w, second.x, second.y, second.z, second.w);
}

fn kept_where(anchor: vec4f) -> vec4u {
  return select(vec4u(), vec4u(0xffffffffu), anchor < vec4f(FROZEN));
}

// x where kept, else 0, whatever x is.
fn keep(x: vec4f, kept: vec4u) -> vec4f {
  return bitcast<vec4f>(bitcast<vec4u>(x) & kept);
}

// x where kept, else old.
fn change(old: vec4f, x: vec4f, kept: vec4u) -> vec4f {
  return bitcast<vec4f>((bitcast<vec4u>(old) & ~kept) | (bitcast<vec4u>(x) & kept));
}

fn none(kept: vec4u) -> bool {
  return (kept.x | kept.y | kept.z | kept.w) == 0u;
}

fn count_of(kept: vec4u) -> f32 {
  return dot(vec4f(kept & vec4u(1u)), vec4f(1.0));
}

fn finite_bits(x: vec4f) -> vec4u {
  let exponent = bitcast<vec4u>(x) & vec4u(0x7f800000u);
  return select(vec4u(), vec4u(0xffffffffu), exponent != vec4u(0x7f800000u));
}

// One vec4 of a chain. What is not sampled is 0 in all but `w` and `anchor`.
struct Element {
  at: u32,
  kept: vec4u, // all bits where sampled
  anchor: vec4f,
  w: vec4f,
  offset: vec4f, // w - anchor
  inner: vec4f, // w
  gradient: vec4f, // of nbeta L
  prior: vec4f, // gradient of the rest of the potential
}

fn load_element(chain: Chain, replica: u32, vector: u32) -> Element {
  var e: Element;
  e.at = replica * params.vectors + vector;
  e.anchor = place[replica * params.place_stride + vector];
  e.kept = kept_where(e.anchor);
  e.w = parameters[e.at];
  e.offset = keep(e.w - e.anchor, e.kept);
  e.inner = keep(e.w, e.kept);
  e.gradient = keep(chain.nbeta * gradients[e.at], e.kept);
  e.prior = chain.localization * e.offset + chain.decay * e.inner;
  return e;
}

// (squared distance from the anchor, squared norm, both projections)
fn whereabouts(e: Element, vector: u32) -> vec4f {
  var projected = vec2f();
  if (DIRECTED) {
    projected.x = dot(e.offset, place[params.directions + vector]);
    projected.y = dot(e.offset, place[params.directions + params.vectors + vector]);
  }
  return vec4f(dot(e.offset, e.offset), dot(e.inner, e.inner), projected);
}

