// Queries, keys and values of a first layer, from a table of what each token and each position contributes to them:
// rows of tokens, then rows of positions; columns query | key | value, each heads x depth. The query is that of the last
// position, whose token is the same for all samples.
#include "lib/exp.wgsl"

override KEYS: u32 = 3u;  // tokens of a sample, 1 to 4

struct Params {
  batch: u32,
  heads: u32,
  depth: u32,        // a multiple of 4
  vocabulary: u32,   // rows of tokens
  lastToken: u32,
  total: u32,        // invocations, or workgroups where a team shares a row
  scale: f32,
  table: vec4u,      // offset, stride of rows, of replicas, unused: multiples of 4, in elements
  tokens: vec4u,     // offset, strides of samples, of times, of replicas
  gradient: vec4u,   // offset, strides of samples, of heads, of replicas: multiples of 4
  output: vec2u,     // offset, stride of replicas
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> table: array<vec4f>;

const QUERY = 0u;
const KEY = 1u;
const VALUE = 2u;

// Four columns of a row of the table.
fn contribution(copy: u32, row: u32, part: u32, head: u32, c: u32) -> vec4f {
  let column = (part * params.heads + head) * params.depth + c;
  return table[(params.table.x + copy * params.table.z + row * params.table.y + column) / 4];
}

// Of a token at time j.
fn projection(copy: u32, token: u32, j: u32, part: u32, head: u32, c: u32) -> vec4f {
  return contribution(copy, token, part, head, c)
    + contribution(copy, params.vocabulary + j, part, head, c);
}

fn query(copy: u32, head: u32, c: u32) -> vec4f {
  return projection(copy, params.lastToken, KEYS - 1, QUERY, head, c);
}
