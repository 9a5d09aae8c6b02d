// Target: the toy model of superposition with two hidden dimensions in closed form (Chen et al., arXiv 2310.06301),
// L = E ‖x - relu(WᵀW x + b)‖² for x = μ e_i, i uniform, μ ~ U[0, 1]. Facts: features c, where b begins; W is [2, c].
//
// With g = (WᵀW)_ij and v = relu(gμ + b_j), ∫ v² (i ≠ j) and ∫ (μ - v)² (i = j) over μ. v is linear where it is positive,
// from μ_a to μ_b of length ℓ, so each integral is ℓ (u_a² + u_a u_b + u_b²) / 3 of a line u, and nothing cancels.

struct Piece {
  value: f32,
  by_slope: f32,
  by_bias: f32,
}

struct Active {
  length: f32, // ℓ
  from_: f32, // μ_a
  to_: f32, // μ_b
  v: vec2f, // at both ends
}

fn active_part(g: f32, b: f32) -> Active {
  let v = vec2f(max(b, 0.0), max(g + b, 0.0));
  let whole = b >= 0.0 && g + b >= 0.0;
  let length = select(max(v.x, v.y) / max(abs(g), 1e-30), 1.0, whole);
  let late = b < 0.0;
  return Active(length, select(0.0, 1.0 - length, late), select(length, 1.0, late), v);
}

// ∫ u² with u from u.x to u.y along the part, and its derivatives by slope and bias, ∫ 2uμ and ∫ 2u.
fn line_piece(part: Active, u: vec2f) -> Piece {
  let both = u.x + u.y;
  return Piece(
    part.length * (u.x * u.x + u.x * u.y + u.y * u.y) / 3.0,
    part.length * (part.from_ * both + part.length * (both + u.y) / 3.0),
    part.length * both,
  );
}

fn cross_piece(g: f32, b: f32) -> Piece {
  let part = active_part(g, b);
  return line_piece(part, part.v);
}

// u ends at (g - 1) + b, where g + b would round at the size of 1, and begins where its slope leads from there: so a rounding
// of μ_a, by which the integral hardly changes, changes it as little. Less the baseline: each feature's part of the loss is
// about that, and sums of what is left do not round at its size.
fn own_piece(g: f32, b: f32) -> Piece {
  let part = active_part(g, b);
  let end = select(-part.to_, (g - 1.0) + b, part.v.y > 0.0);
  let begin = select(part.v.x, end - (g - 1.0) * part.length, b < 0.0);
  var piece = line_piece(part, vec2f(begin, end));
  let from3 = part.from_ * part.from_ * part.from_;
  let to3 = part.to_ * part.to_ * part.to_;
  piece.value += ((from3 + (1.0 - to3)) / 3.0 - base.x) - base.y;
  return piece;
}

// Writes the gradient's plane; returns this member's share of the loss less the baseline.
fn visit_target(step: u32, wanted: bool) -> f32 {
  let features = facts[0];
  let biases = facts[1];
  let share = 1.0 / f32(features);
  var loss = 0.0;
  for (var i = member; i < features; i += TEAM) {
    let w = vec2f(load(W, i), load(W, features + i));
    let b = load(W, biases + i);
    let own = own_piece(dot(w, w), b);
    var slope = 2.0 * own.by_slope * w;
    var by_bias = own.by_bias;
    var value = own.value;
    for (var j = 0u; j < features; j++) {
      if (j != i) {
        let other_w = vec2f(load(W, j), load(W, features + j));
        let g = dot(w, other_w);
        let here = cross_piece(g, b);
        let there = cross_piece(g, load(W, biases + j));
        slope += (here.by_slope + there.by_slope) * other_w;
        by_bias += here.by_bias;
        value += here.value;
      }
    }
    loss += value;
    store(GRADIENT, i, share * slope.x);
    store(GRADIENT, features + i, share * slope.y);
    store(GRADIENT, biases + i, share * by_bias);
  }
  return share * loss;
}
