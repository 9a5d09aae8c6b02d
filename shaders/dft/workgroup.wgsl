// Real orthonormal DFT of rows of n = 2h ≤ 2048 floats, or its inverse, a workgroup per row: packed as h complex numbers, a
// Stockham FFT of radix 4 (and one pass of radix 2 where h is no power of 4) in workgroup memory, repacked on the way in or out
// (lib/dft/repack.wgsl). Reads source and roots (e^(-2πit/n) as pairs), writes result; rows are dense.
// Grid: a workgroup per row, folded into x and y. Source of the passes: Govindaraju et al. (2008), as in dft/pass.wgsl.
#include "lib/dft/butterfly.wgsl"
#include "lib/dft/repack.wgsl"

struct Params {
  size: vec4u,    // h, rows, unused
  offset: vec4u,  // of source, result, roots; unused
  stride: vec4u,  // floats between rows of source and of result; unused
  scale: vec4f,   // factor for k = 0 and for the others; unused
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read> roots: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

override INVERSE: bool = false;
override WORKGROUP: u32 = 128u;

var<workgroup> field: array<vec2f, 2048>;  // two halves, read and written in turn

// e^(-2πi·t/n)
fn root(t: u32) -> vec2f {
  let at = params.offset.z + 2 * t;
  return vec2f(roots[at], roots[at + 1]);
}

// e^(∓2πi·t/h)
fn twiddle(t: u32) -> vec2f {
  return select(root(2 * t), conjugate(root(2 * t)), INVERSE);
}

fn fill(start: u32, lane: u32) {
  let h = params.size.x;
  for (var k = lane; k < h; k += WORKGROUP) {
    if (!INVERSE) {
      field[k] = vec2f(source[start + 2 * k], source[start + 2 * k + 1]);
    } else if (k == 0) {
      field[0] = params.scale.x
        * synthesise(vec2f(source[start], 0), vec2f(source[start + 2 * h - 1], 0), vec2f(1, 0));
    } else {
      let there = start + 2 * (h - k);
      field[k] = params.scale.y
        * synthesise(vec2f(source[start + 2 * k - 1], -source[start + 2 * k]),
          vec2f(source[there - 1], -source[there]), root(k));
    }
  }
}

fn empty(begin: u32, to: u32, lane: u32) {
  let h = params.size.x;
  for (var k = lane; k < h; k += WORKGROUP) {
    let z = field[begin + k];
    if (INVERSE) {
      result[to + 2 * k] = z.x;
      result[to + 2 * k + 1] = z.y;
    } else if (k == 0) {
      result[to] = (z.x + z.y) * params.scale.x;
      result[to + 2 * h - 1] = (z.x - z.y) * params.scale.x;
    } else {
      let y = analyse(z, field[begin + h - k], root(k)) * params.scale.y;
      result[to + 2 * k - 1] = y.x;
      result[to + 2 * k] = y.y;
    }
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let h = params.size.x;
  let row = group.x + group.y * groups.x;
  if (row >= params.size.y) {
    return;
  }
  fill(params.offset.x + row * params.stride.x, lane);
  var begin = 0u;
  var span = 1u;
  for (; span * 4 <= h; span *= 4u) {
    workgroupBarrier();
    let next = 1024 - begin;
    let step = h / 4;
    for (var j = lane; j < step; j += WORKGROUP) {
      let k = j % span;
      let turn = k * (h / (4 * span));
      let start = begin + j;
      let y = transform4(
        field[start],
        times(field[start + step], twiddle(turn)),
        times(field[start + 2 * step], twiddle(2 * turn)),
        times(field[start + 3 * step], twiddle(3 * turn)),
        select(1.0, -1.0, INVERSE));
      let to = next + (j / span) * span * 4 + k;
      field[to] = y[0];
      field[to + span] = y[1];
      field[to + 2 * span] = y[2];
      field[to + 3 * span] = y[3];
    }
    begin = next;
  }
  if (span < h) {
    workgroupBarrier();
    let next = 1024 - begin;
    let step = h / 2;
    for (var j = lane; j < step; j += WORKGROUP) {
      let a = field[begin + j];
      let b = times(field[begin + j + step], twiddle(j));
      field[next + j] = a + b;
      field[next + j + step] = a - b;
    }
    begin = next;
  }
  workgroupBarrier();
  empty(begin, params.offset.y + row * params.stride.y, lane);
}
