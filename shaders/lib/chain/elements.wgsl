// Four elements of a chain with all that a step needs to know of them, and the sums a row of metrics is made of.
#include "lib/chain/layout.wgsl"

struct Four {
  w: vec4f,
  g: vec4f, // ∇L
  mask: vec4f, // 0 where frozen
  anchor: vec4f,
  offset: vec4f, // w - w*, 0 where frozen
  pull: vec4f, // γ(w - w*) + λw
}

var<private> moves: vec4f; // Σ offset², gradient², prior², noise²
var<private> crossings: vec4f; // Σ gradient·prior, gradient·noise, prior·noise, p²
var<private> drawing: vec4f; // Σ offset·first direction, offset·second direction, share of the loss, elements not finite

fn read_four(vector: u32) -> Four {
  let at = chain * params.fixed_stride + 2u * vector;
  var four: Four;
  four.w = load4(W, vector);
  four.g = load4(GRADIENT, vector);
  four.anchor = fixed[at];
  four.mask = fixed[at + 1u];
  four.offset = select(vec4f(), four.w - four.anchor, four.mask != vec4f());
  four.pull = rates.z * (four.w - four.anchor) + rates.w * four.w;
  return four;
}

fn clear_sums() {
  moves = vec4f();
  crossings = vec4f();
  drawing = vec4f();
}

fn add_position(vector: u32, four: Four) {
  let offset = four.offset;
  moves.x += dot(offset, offset);
  drawing.w += select(1.0, 0.0, all(finite4(four.w)));
  if (params.directions > 0u) {
    let at = params.directions + vector;
    drawing.x += dot(offset, fixed[at]);
    drawing.y += dot(offset, fixed[at + STRIDE / 4u]);
  }
}

// Bits of a chain's loss: infinity where any of its elements, or the loss itself, is not finite.
fn loss_bits(loss: f32) -> u32 {
  return select(bitcast<u32>(loss), 0x7f800000u, drawing.w > 0.0 || !is_finite_bits(loss));
}

fn add_moves(by_gradient: vec4f, by_prior: vec4f, by_noise: vec4f) {
  moves += vec4f(0.0, dot(by_gradient, by_gradient), dot(by_prior, by_prior), dot(by_noise, by_noise));
  crossings += vec4f(dot(by_gradient, by_prior), dot(by_gradient, by_noise), dot(by_prior, by_noise), 0.0);
}

// One row of the ring; `loss` as bits, since a number that is not finite must not be computed with.
fn write_row(step: u32, loss: u32, acceptance: f32, kinetic: f32) {
  if (member > 0u || !counted) {
    return;
  }
  let n = params.replicas;
  let at = ((step / params.row_every) % params.capacity) * 12u * n + chain;
  ring[at] = loss;
  ring[at + n] = bitcast<u32>(acceptance);
  ring[at + 2u * n] = bitcast<u32>(moves.x);
  ring[at + 3u * n] = bitcast<u32>(moves.y);
  ring[at + 4u * n] = bitcast<u32>(moves.z);
  ring[at + 5u * n] = bitcast<u32>(moves.w);
  ring[at + 6u * n] = bitcast<u32>(crossings.x);
  ring[at + 7u * n] = bitcast<u32>(crossings.y);
  ring[at + 8u * n] = bitcast<u32>(crossings.z);
  ring[at + 9u * n] = bitcast<u32>(kinetic);
  ring[at + 10u * n] = bitcast<u32>(drawing.x);
  ring[at + 11u * n] = bitcast<u32>(drawing.y);
}
