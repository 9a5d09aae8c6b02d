// Butterflies of a complex FFT. Complex numbers are (real, imaginary).

fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

// Columns of the result are the DFT of four numbers: with e^(-i…) for direction 1, e^(+i…) for -1.
fn transform4(a: vec2f, b: vec2f, c: vec2f, d: vec2f, direction: f32) -> mat4x2f {
  let even_sum = a + c;
  let even_difference = a - c;
  let odd_sum = b + d;
  let turned = direction * vec2f(b.y - d.y, d.x - b.x);  // -i·(b - d), or +i·(b - d)
  return mat4x2f(even_sum + odd_sum, even_difference + turned, even_sum - odd_sum, even_difference - turned);
}
