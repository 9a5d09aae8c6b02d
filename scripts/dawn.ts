/**
 * WebGPU in Node: Dawn through the npm package `webgpu`. Used by the `node` runtime, the benches and the
 * shader tests; never by src/.
 */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** SwiftShader's driver as Debian's chromium package ships it: a software adapter where there is no GPU. */
const SWIFTSHADER_ICD = '/usr/lib/chromium/vk_swiftshader_icd.json';
const GPU_NODES = ['/dev/dri/renderD128', '/dev/nvidiactl', '/dev/dxg'];

/**
 * Sets the WebGPU globals (GPUBufferUsage, GPUDevice …) and returns a fresh `gpu`. Options are Dawn's
 * strings: `backend=null` validates without any driver, `adapter=NAME`, `enable-dawn-features=…`.
 *
 * Keep the returned object reachable as long as its devices are in use: once it is collected, their promises
 * never settle. Drop it, its adapters and devices when done (destroy devices first): Node's process does not
 * end while one is reachable. An adapter that is missing shows as `null` from
 * requestAdapter, not as an error here.
 */
export async function openDawn(options: readonly string[] = []): Promise<GPU> {
  // A worker's process.env is a copy that the Vulkan loader never sees.
  if (isMainThread) prepareLoader(process.env);
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  return create([...options]);
}

/** Leaves a configured Vulkan and a real GPU alone; otherwise points the loader at SwiftShader. */
function prepareLoader(env: NodeJS.ProcessEnv): void {
  env.XDG_RUNTIME_DIR ??= tmpdir(); // the loader complains on stderr when it is unset
  if (env.VK_ICD_FILENAMES || env.VK_DRIVER_FILES) return;
  if (!existsSync(SWIFTSHADER_ICD) || GPU_NODES.some((path) => existsSync(path))) return;
  env.VK_ICD_FILENAMES = SWIFTSHADER_ICD;
}
