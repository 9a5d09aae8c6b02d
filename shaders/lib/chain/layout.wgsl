// What a chain is told, and its planes behind W and GRADIENT: momentum or average of squares; where the last trajectory started
// and the gradient there.
#include "lib/chip/memory.wgsl"
#include "lib/stretch.wgsl"

override METHOD: u32 = 0u; // 0 sgld, 1 rmsprop-sgld, 2 sgnht, 3 sghmc, 4 mala and hmc

const MOMENTUM = 2u; // of rmsprop-sgld the average of squares
override START: u32 = PLANES - 2u; // of mala and hmc: w where the trajectory began
override START_GRADIENT: u32 = PLANES - 1u; // and ∇L there
const PREVIOUS = 2u; // of sgld: w where the step whose acceptance is measured began

const NOISE = 2u; // src/random/streams.ts
const FIRST_MOMENTUM = 8u;
const ACCEPT = 9u;

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

var<private> rates: vec4f;
var<private> settings: vec4f;
var<private> root: f32; // √ε, of hmc the step length of the trajectory under way

// What a chain carries from step to step beside its planes.
var<private> accepted: vec4f; // loss, ‖w - w*‖², ‖w‖² of the state accepted last, ‖p‖² where its trajectory began
var<private> other: vec4f; // its two projections, ξ of sgnht, U of the step whose acceptance is measured
