// Writes the scalars of up to six blocks into row (step mod capacity) of the metric ring, and then counts the step.
//
//   ring[(step mod capacity)·columns + column_k + c·replicas + r] = m_k[offset_k + r·stride_k + c],  c < scalars_k
//   clock[0] = step + 1                      (only with TICK)
//
// Shapes: m_k scalars_k floats side by side per replica, or for all (stride 0); ring [capacity, columns]; clock u32
// [step, seeds…]; place_k (offset, stride, scalars, column).
// Grid: one workgroup. Every invocation reads the step before any writes it: the barrier stands between.

override WORKGROUP: u32 = 64;
override TICK: bool = true;

struct Params {
  replicas: u32,
  capacity: u32,   // rows of the ring
  columns: u32,    // floats in a row: all scalars × replicas
  place0: vec4u,
  place1: vec4u,
  place2: vec4u,
  place3: vec4u,
  place4: vec4u,
  place5: vec4u,
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

// Where scalar c of replica r lies, and where it goes within a row.
fn source(place: vec4u, r: u32, c: u32) -> u32 {
  return place.x + r * place.y + c;
}

fn target_at(place: vec4u, r: u32, c: u32) -> u32 {
  return place.w + c * params.replicas + r;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  let step = clock[0];
  let row = (step % params.capacity) * params.columns;
  let p0 = params.place0;
  let p1 = params.place1;
  let p2 = params.place2;
  let p3 = params.place3;
  let p4 = params.place4;
  let p5 = params.place5;
  for (var r = lane; r < params.replicas; r += WORKGROUP) {
    for (var c = 0u; c < p0.z; c++) { ring[row + target_at(p0, r, c)] = m0[source(p0, r, c)]; }
    for (var c = 0u; c < p1.z; c++) { ring[row + target_at(p1, r, c)] = m1[source(p1, r, c)]; }
    for (var c = 0u; c < p2.z; c++) { ring[row + target_at(p2, r, c)] = m2[source(p2, r, c)]; }
    for (var c = 0u; c < p3.z; c++) { ring[row + target_at(p3, r, c)] = m3[source(p3, r, c)]; }
    for (var c = 0u; c < p4.z; c++) { ring[row + target_at(p4, r, c)] = m4[source(p4, r, c)]; }
    for (var c = 0u; c < p5.z; c++) { ring[row + target_at(p5, r, c)] = m5[source(p5, r, c)]; }
  }
  storageBarrier();
  if (TICK && lane == 0u) { clock[0] = step + 1u; }
}
