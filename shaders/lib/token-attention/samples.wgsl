// A sample's tokens, and the weights that its last position gives them.
#include "lib/token-attention/table.wgsl"

@group(0) @binding(2) var<storage, read> tokens: array<u32>;

// Which copy, sample and head an invocation works on.
struct Place {
  copy: u32,
  sample: u32,
  head: u32,
}

fn find_place(index: u32) -> Place {
  let head = index % params.heads;
  let sample = index / params.heads;
  return Place(sample / params.batch, sample % params.batch, head);
}

// Tokens past the table's end count as its last.
fn tokens_of(place: Place) -> vec4u {
  var found = vec4u();
  let start = params.tokens.x + place.copy * params.tokens.w + place.sample * params.tokens.y;
  for (var j = 0u; j < KEYS; j++) {
    found[j] = min(tokens[start + j * params.tokens.z], params.vocabulary - 1);
  }
  return found;
}

// Components of the result are the keys: x times the four columns of each row.
fn along_keys(place: Place, row: vec4u, part: u32, c: u32, x: vec4f) -> vec4f {
  var sums = vec4f();
  for (var j = 0u; j < KEYS; j++) {
    sums[j] = dot(x, projection(place.copy, row[j], j, part, place.head, c));
  }
  return sums;
}

// softmax of the scores of the keys there are.
fn weights_of(scores: vec4f) -> vec4f {
  let there = vec4u(0, 1, 2, 3) < vec4u(KEYS);
  let scaled = select(vec4f(-1e30), scores * params.scale, there);
  let peak = max(max(scaled.x, scaled.y), max(scaled.z, scaled.w));
  let masses = select(vec4f(0), exp_exact(scaled - peak), there);
  return masses / dot(masses, vec4f(1));
}
