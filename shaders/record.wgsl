// Writes up to six scalars per replica into row (step mod capacity) of the metric ring, and then counts the step.
//
//   ring[(step mod capacity)·columns + column + k·replicas + r] = m_k[offset_k + r·stride_k]
//   clock[0] = step + 1                      (only with TICK)
//
// Shapes: m_k one float per replica or one for all (stride 0); ring [capacity, columns]; clock u32 [step, seeds…].
// Grid: one workgroup. Every invocation reads the step before any writes it: the barrier stands between.

override WORKGROUP: u32 = 64;
override TICK: bool = true;

struct Params {
  count: u32,      // scalars in this launch, 0 to 6
  replicas: u32,
  capacity: u32,   // rows of the ring
  columns: u32,    // floats in a row: all scalars × replicas
  column: u32,     // first float of this launch in a row
  offset0: u32, offset1: u32, offset2: u32, offset3: u32, offset4: u32, offset5: u32,
  stride0: u32, stride1: u32, stride2: u32, stride3: u32, stride4: u32, stride5: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> clock: array<u32>;
@group(0) @binding(2) var<storage, read_write> ring: array<f32>;
@group(0) @binding(3) var<storage, read> m0: array<f32>;
@group(0) @binding(4) var<storage, read> m1: array<f32>;
@group(0) @binding(5) var<storage, read> m2: array<f32>;
@group(0) @binding(6) var<storage, read> m3: array<f32>;
@group(0) @binding(7) var<storage, read> m4: array<f32>;
@group(0) @binding(8) var<storage, read> m5: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let step = clock[0];
  let row = (step % params.capacity) * params.columns + params.column;
  let n = params.replicas;
  for (var r = lane; r < n; r += WORKGROUP) {
    if (params.count > 0u) { ring[row + r] = m0[params.offset0 + r * params.stride0]; }
    if (params.count > 1u) { ring[row + n + r] = m1[params.offset1 + r * params.stride1]; }
    if (params.count > 2u) { ring[row + 2u * n + r] = m2[params.offset2 + r * params.stride2]; }
    if (params.count > 3u) { ring[row + 3u * n + r] = m3[params.offset3 + r * params.stride3]; }
    if (params.count > 4u) { ring[row + 4u * n + r] = m4[params.offset4 + r * params.stride4]; }
    if (params.count > 5u) { ring[row + 5u * n + r] = m5[params.offset5 + r * params.stride5]; }
  }
  storageBarrier();
  if (TICK && lane == 0u) { clock[0] = step + 1u; }
}
