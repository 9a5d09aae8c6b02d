// Between the spectrum Z of z_j = x_2j + i·x_2j+1, of length h = n/2, and the coefficients y of the real orthonormal basis.
// With w = e^(-2πi/n), E = (Z_k + conj Z_h-k)/2, O = -i·(Z_k - conj Z_h-k)/2 (spectra of the even and the odd x):
// X_k = E + w^k·O, and y_2k-1 = √(2/n)·Re X_k, y_2k = -√(2/n)·Im X_k, y_0 = X_0/√n, y_n-1 = X_h/√n.
// Press et al., Numerical Recipes, "FFT of real functions".

fn conjugate(a: vec2f) -> vec2f {
  return vec2f(a.x, -a.y);
}

// √(n/2)·(y_2k-1, y_2k) as (Re X_k, -Im X_k) from z = Z_k, mirror = Z_h-k, root = w^k; for 0 < k < h.
fn analyse(z: vec2f, mirror: vec2f, root: vec2f) -> vec2f {
  let even = 0.5 * (z + conjugate(mirror));
  let difference = 0.5 * (z - conjugate(mirror));
  let odd = vec2f(difference.y, -difference.x);
  return conjugate(even + times(root, odd));
}

// Z_k from spectrum = X_k, mirror = X_h-k, root = w^k; for 0 ≤ k < h.
fn synthesise(spectrum: vec2f, mirror: vec2f, root: vec2f) -> vec2f {
  let even = 0.5 * (spectrum + conjugate(mirror));
  let odd = times(conjugate(root), 0.5 * (spectrum - conjugate(mirror)));
  return even + vec2f(-odd.y, odd.x);
}
