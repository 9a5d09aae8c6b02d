// Body of token-attention/table and token-attention/table-team.
#include "lib/token-attention/table.wgsl"

// Samples' parts as token-attention/scores.wgsl leaves them.
@group(0) @binding(2) var<storage, read> parts: array<vec4f>;
@group(0) @binding(3) var<storage, read> gradient: array<vec4f>;
// Positions sample·KEYS + time of each token, ascending, and where those of a token begin.
@group(0) @binding(4) var<storage, read> list: array<u32>;
@group(0) @binding(5) var<storage, read> starts: array<u32>;
@group(0) @binding(6) var<storage, read_write> output: array<vec4f>;

// What a row collects: gradients of the query and the value, four columns each, and the sum of s (x).
struct Sums {
  query: vec4f,
  value: vec4f,
  score: vec4f,
}

fn no_sums() -> Sums {
  return Sums(vec4f(), vec4f(), vec4f());
}

fn add_sums(a: Sums, b: Sums) -> Sums {
  return Sums(a.query + b.query, a.value + b.value, a.score + b.score);
}

// Work of one lane of `lanes` on a row of the table: runs of 16 terms, so that the error of a long sum stays small.
fn collect(copy: u32, row: u32, head: u32, c: u32, lane: u32, lanes: u32) -> Sums {
  let stride = params.batch * params.heads * (params.depth + 8);
  let part_at = copy * stride;
  let weights_at = (part_at + params.batch * params.heads * params.depth) / 4;
  let gradient_at = params.gradient.x + copy * params.gradient.w + head * params.gradient.z + c;
  let is_token = row < params.vocabulary;
  let at = min(row, params.vocabulary - 1);
  let first = select(0u, starts[at], is_token);
  let end = select(params.batch, starts[at + 1], is_token);
  var all = no_sums();
  for (var k = first + lane; k < end;) {
    var run = no_sums();
    for (var count = 0u; count < 16 && k < end; count++) {
      var n = k * KEYS + (row - params.vocabulary);
      if (is_token) {
        n = list[k];
      }
      let sample = n / KEYS;
      let j = n % KEYS;
      let own = weights_at + 2 * (sample * params.heads + head);
      run.value += parts[own][j] * gradient[(gradient_at + sample * params.gradient.y) / 4];
      run.score.x += parts[own + 1][j];
      k += lanes;
    }
    all = add_sums(all, run);
  }
  if (row == params.lastToken || row == params.vocabulary + KEYS - 1) {
    for (var sample = lane; sample < params.batch;) {
      var run = vec4f();
      for (var count = 0u; count < 16 && sample < params.batch; count++) {
        run += parts[(part_at + (sample * params.heads + head) * params.depth + c) / 4];
        sample += lanes;
      }
      all.query += run;
    }
  }
  return all;
}

fn store(copy: u32, row: u32, head: u32, c: u32, sums: Sums) {
  let width = params.heads * params.depth;
  let at = params.output.x + copy * params.output.y + row * 3 * width + head * params.depth + c;
  output[at / 4] = sums.query;
  output[(at + width) / 4] = sums.score.x * query(copy, head, c);
  output[(at + 2 * width) / 4] = sums.value;
}

// Head and first column of group number `index` of a row, heads slowest.
fn group_of(index: u32) -> vec2u {
  let quads = params.depth / 4;
  return vec2u(index / quads, index % quads * 4);
}
