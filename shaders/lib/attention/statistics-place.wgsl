// After the gradient: rows [batch, heads, queries] of (peak, 1 / mass, delta, 0) for
// attention-key-*.wgsl.
fn statistics_origin(place: Place) -> u32 {
  let before = params.batch * params.queries * params.heads * params.depth;
  let head = place.example * params.heads + place.head;
  return params.outputLayout.x + place.replica * params.outputLayout.y + before +
    4u * head * params.queries;
}
