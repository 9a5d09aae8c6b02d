// Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
// Key (seed, replica); counter (step, block, stream, 0), where element i takes word i % 4 of block i / 4.
// Twin: src/random/philox.ts. Integers only, so both agree bit for bit on every adapter.

// High 32 bits of a * b. WGSL has no 64-bit product; 16-bit halves, no partial sum exceeds 2^32 - 1.
fn multiply_high(a: u32, b: u32) -> u32 {
  let a_low = a & 0xffffu;
  let a_high = a >> 16u;
  let b_low = b & 0xffffu;
  let b_high = b >> 16u;
  let middle = a_high * b_low + ((a_low * b_low) >> 16u);
  let cross_term = a_low * b_high + (middle & 0xffffu);
  return a_high * b_high + (middle >> 16u) + (cross_term >> 16u);
}

fn philox(key: vec2u, counter: vec4u) -> vec4u {
  var k = key;
  var c = counter;
  for (var round = 0u; round < 10u; round++) {
    let high_0 = multiply_high(0xd2511f53u, c.x);
    let low_0 = 0xd2511f53u * c.x;
    let high_1 = multiply_high(0xcd9e8d57u, c.z);
    let low_1 = 0xcd9e8d57u * c.z;
    c = vec4u(high_1 ^ c.y ^ k.x, low_1, high_0 ^ c.w ^ k.y, low_0);
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

// Uniform in (0, 1): midpoint of one of 2^23 cells. Exact: 24 bits would round the last cell to 1.
fn uniform01(word: u32) -> f32 {
  return (f32(word >> 9u) + 0.5) * 0x1p-23;
}
