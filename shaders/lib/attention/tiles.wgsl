// What the kernels with workgroup memory share. 64 invocations: 16 pairs of resident rows times 4
// lanes. Streamed rows come 16 at a time, two tensors of them; a lane scores 4 of them, then sums
// its share of the columns over all 16.
const RESIDENT = 32u;
const STREAMED = 16u;
const INVOCATIONS = 64u;
// Chunks of 4 columns a lane can hold, of CHUNKS.
const HELD = 6u;

// Depth / 4, at most 23: two tiles and two tables of scores in 16 KiB.
override CHUNKS: u32 = 8;
// A chunk more than a row has, so that the lanes read different banks.
override PITCH: u32 = CHUNKS + 1u;

var<workgroup> first_tile: array<vec4f, 16u * PITCH>;
var<workgroup> second_tile: array<vec4f, 16u * PITCH>;
// Four vec4s, one per lane, for each resident row.
var<workgroup> first_scores: array<vec4f, 128>;

// Rows 4 lane … 4 lane + 3 of a tile at chunk c.
fn first_rows(lane: u32, c: u32) -> mat4x4f {
  let at = 4u * lane * PITCH + c;
  return mat4x4f(
    first_tile[at],
    first_tile[at + PITCH],
    first_tile[at + 2u * PITCH],
    first_tile[at + 3u * PITCH],
  );
}

fn second_rows(lane: u32, c: u32) -> mat4x4f {
  let at = 4u * lane * PITCH + c;
  return mat4x4f(
    second_tile[at],
    second_tile[at + PITCH],
    second_tile[at + 2u * PITCH],
    second_tile[at + 3u * PITCH],
  );
}

// All 16 scores of resident row `row`: column l from lane l.
fn scores_of(row: u32) -> mat4x4f {
  return mat4x4f(
    first_scores[4u * row],
    first_scores[4u * row + 1u],
    first_scores[4u * row + 2u],
    first_scores[4u * row + 3u],
  );
}

// Sum over the 16 streamed rows of row times weight, at chunk c.
fn mix_first(weights: mat4x4f, c: u32) -> vec4f {
  return (first_rows(0u, c) * weights[0] + first_rows(1u, c) * weights[1]) +
    (first_rows(2u, c) * weights[2] + first_rows(3u, c) * weights[3]);
}

fn mix_second(weights: mat4x4f, c: u32) -> vec4f {
  return (second_rows(0u, c) * weights[0] + second_rows(1u, c) * weights[1]) +
    (second_rows(2u, c) * weights[2] + second_rows(3u, c) * weights[3]);
}
