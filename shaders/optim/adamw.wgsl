// One update of Adam with decoupled weight decay for all parameters of all replicas.
//
//   g = clip * gradient + l2 * theta
//   m = beta1 * m + (1 - beta1) * g,  v = beta2 * v + (1 - beta2) * g^2
//   theta = theta - lr * factor(step) * (weightDecay * theta + c1 * m / (sqrt(v) * c2 + epsilon))
//
// Source: I. Loshchilov, F. Hutter, arXiv 1711.05101, algorithm 2, in the order of torch.optim.AdamW; the decay is
// added to the step and not multiplied into theta, so that theta is rounded once.
//
// Shapes  parameters, expAvg, expAvgSq, gradients [R, P]; mask [P] or [R, P]; hyper [R, 8]: lr, beta1, beta2, epsilon,
//         weightDecay, l2, clip (a factor on the gradient), pair; factors: scheduleLength learning-rate factors, then
//         [pairs, correctionLength, 2] of c1 = 1 / (1 - beta1^t) and c2 = 1 / sqrt(1 - beta2^t); clock: [step, ...].
// Grid    x strides over the vec4s of a replica, y then z count replicas; HEIGHT replicas a workgroup.
// Reads   gradients, mask (when MASKED), hyper, factors, clock. Writes parameters, expAvg, expAvgSq.
// Masked parameters and their moments are set to 0. Padding has gradient 0 and stays 0, since epsilon > 0.
// Caveat  sqrt and / are within about 3 ULP; v is 0 for abs(g) < 1e-19, where the step is m / epsilon.

override WIDTH: u32 = 64;
override HEIGHT: u32 = 1;
override MASKED: bool = false;
override CLIPPED: bool = false;

struct Params {
  vectors: u32,
  replicas: u32,
  maskStride: u32,
  scheduleLength: u32,
  correctionLength: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> expAvg: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> expAvgSq: array<vec4f>;
@group(0) @binding(4) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(5) var<storage, read> mask: array<vec4f>;
@group(0) @binding(6) var<storage, read> hyper: array<vec4f>;
@group(0) @binding(7) var<storage, read> factors: array<f32>;
@group(0) @binding(8) var<storage, read> clock: array<u32>;

@compute @workgroup_size(WIDTH, HEIGHT)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let replica = id.y + id.z * groups.y * HEIGHT;
  if (replica >= params.replicas || id.x >= params.vectors) {
    return;
  }
  let first = hyper[replica * 2u];
  let second = hyper[replica * 2u + 1u];
  let beta1 = first.y;
  let beta2 = first.z;
  let epsilon = first.w;
  let weightDecay = second.x;
  let l2 = second.y;
  let clip = select(1.0, second.z, CLIPPED);
  let step = clock[0];
  let rate = first.x * factors[min(step, params.scheduleLength - 1u)];
  let row = u32(second.w) * params.correctionLength + min(step, params.correctionLength - 1u);
  let correction1 = factors[params.scheduleLength + row * 2u];
  let correction2 = factors[params.scheduleLength + row * 2u + 1u];

  let stride = groups.x * WIDTH;
  let base = replica * params.vectors;
  for (var vector = id.x; vector < params.vectors; vector += stride) {
    let at = base + vector;
    let theta = parameters[at];
    let g = clip * gradients[at] + l2 * theta;
    var m = beta1 * expAvg[at] + (1.0 - beta1) * g;
    var v = beta2 * expAvgSq[at] + (1.0 - beta2) * (g * g);
    let adam = (m * correction1) / (sqrt(v) * correction2 + epsilon);
    var next = theta - rate * (weightDecay * theta + adam);
    if (MASKED) {
      let kept = mask[replica * params.maskStride + vector] != vec4f();
      m = select(vec4f(), m, kept);
      v = select(vec4f(), v, kept);
      next = select(vec4f(), next, kept);
    }
    expAvg[at] = m;
    expAvgSq[at] = v;
    parameters[at] = next;
  }
}
