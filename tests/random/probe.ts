/** A few lines of raw WebGPU that evaluate an expression of the shader library over many inputs, for the twins. */

/**
 * Evaluates `body` (WGSL statements that return a vec4u; `i` is the item, `words` the input array) for each of
 * `items` items. Returns 4 words per item. Rejects with the compiler's message when the shader is wrong.
 */
export async function evaluate(
  device: GPUDevice,
  library: string,
  body: string,
  words: Uint32Array,
  items: number,
): Promise<Uint32Array> {
  const code = `${library}
    @group(0) @binding(0) var<storage, read> words: array<u32>;
    @group(0) @binding(1) var<storage, read_write> results: array<vec4u>;
    fn item(i: u32) -> vec4u { ${body} }
    @compute @workgroup_size(64)
    fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x < arrayLength(&results)) { results[id.x] = item(id.x); }
    }`;
  const size = items * 16;
  device.pushErrorScope('validation');
  const input = device.createBuffer({
    size: words.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  const output = device.createBuffer({
    size,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  const readback = device.createBuffer({
    size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(input, 0, words as Uint32Array<ArrayBuffer>);
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }) },
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [input, output].map((buffer, binding) => ({ binding, resource: { buffer } })),
    }),
  );
  pass.dispatchWorkgroups(Math.ceil(items / 64));
  pass.end();
  encoder.copyBufferToBuffer(output, 0, readback, 0, size);
  device.queue.submit([encoder.finish()]);
  const problem = await device.popErrorScope();
  if (problem) throw new Error(problem.message);
  await readback.mapAsync(GPUMapMode.READ);
  const result = new Uint32Array(readback.getMappedRange()).slice();
  for (const buffer of [input, output, readback]) buffer.destroy();
  return result;
}

/** Evaluates a scalar function of the library at each x. */
export async function evaluateScalar(
  device: GPUDevice,
  library: string,
  name: string,
  xs: Float32Array,
): Promise<Float32Array> {
  const body = `return vec4u(bitcast<u32>(${name}(bitcast<f32>(words[i]))), 0u, 0u, 0u);`;
  const result = await evaluate(device, library, body, new Uint32Array(xs.buffer), xs.length);
  const values = new Float32Array(result.buffer);
  return Float32Array.from(xs, (_, i) => values[4 * i]);
}

/** |got − exact| in units of the last place of float32 at `exact`. */
export function ulps(got: number, exact: number): number {
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(exact))));
  return Math.abs(got - exact) / 2 ** (exponent - 23);
}

/** Normal distribution function in float64: series near zero, continued fraction in the tail; about 1e-14. */
export function normalCdf(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) < 3) {
    // Φ(x) = ½ + φ(x)·Σ x^(2k+1) / (1·3·5…(2k+1)): all terms of one sign.
    let term = x;
    let sum = x;
    for (let k = 1; k < 60; k++) sum += term *= (x * x) / (2 * k + 1);
    return 0.5 + density * sum;
  }
  let fraction = Math.abs(x);
  for (let k = 200; k > 0; k--) fraction = Math.abs(x) + k / fraction;
  return x < 0 ? density / fraction : 1 - density / fraction;
}
