// One update of stochastic gradient descent without momentum for all parameters of all replicas.
//
//   theta = theta - lr * factor(step) * (clip * gradient + weightDecay * theta)
//
// Source: torch.optim.SGD.
//
// Shapes  parameters, gradients [R, P]; mask [P] or [R, P]; hyper [R, 4]: lr, momentum (not read), weightDecay, clip (a
//         factor on the gradient); factors: scheduleLength learning-rate factors; clock: [step, ...].
// Grid    x strides over the vec4s of a replica, y then z count replicas; HEIGHT replicas a workgroup.
// Reads   gradients, mask (when MASKED), hyper, factors, clock. Writes parameters. Masked parameters are set to 0.

override WIDTH: u32 = 64;
override HEIGHT: u32 = 1;
override MASKED: bool = false;
override CLIPPED: bool = false;

struct Params {
  vectors: u32,
  replicas: u32,
  maskStride: u32,
  scheduleLength: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(3) var<storage, read> mask: array<vec4f>;
@group(0) @binding(4) var<storage, read> hyper: array<vec4f>;
@group(0) @binding(5) var<storage, read> factors: array<f32>;
@group(0) @binding(6) var<storage, read> clock: array<u32>;

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let replica = id.y + id.z * groups.y * HEIGHT;
  if (replica >= params.replicas || id.x >= params.vectors) {
    return;
  }
  let row = hyper[replica];
  let clip = select(1.0, row.w, CLIPPED);
  let rate = row.x * factors[min(clock[0], params.scheduleLength - 1u)];

  let stride = groups.x * WIDTH;
  let base = replica * params.vectors;
  for (var vector = id.x; vector < params.vectors; vector += stride) {
    let at = base + vector;
    let theta = parameters[at];
    var next = theta - rate * (clip * gradients[at] + row.z * theta);
    if (MASKED) {
      next = select(vec4f(), next, mask[replica * params.maskStride + vector] != vec4f());
    }
    parameters[at] = next;
  }
}
