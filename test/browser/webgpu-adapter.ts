// The browser's own adapter, SwiftShader in the tests, with hooks to spoil the devices it makes.

export interface SpoiltGpu {
  readonly gpu: GPU;
  /** Every device made so far. */
  readonly devices: readonly GPUDevice[];
}

/** @param spoil is handed each device before anybody uses it, with its number from 1. */
export function spoilGpu(spoil: (device: GPUDevice, number: number) => void): SpoiltGpu {
  const devices: GPUDevice[] = [];
  const requestAdapter = async (options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> => {
    const adapter = await navigator.gpu.requestAdapter(options);
    return (
      adapter &&
      through(adapter, {
        requestDevice: async (descriptor?: GPUDeviceDescriptor) => {
          const device = await adapter.requestDevice(descriptor);
          devices.push(device);
          spoil(device, devices.length);
          return device;
        },
      })
    );
  };
  return { gpu: through(navigator.gpu, { requestAdapter }), devices };
}

/** The same object but for some members. */
function through<Target extends object>(target: Target, instead: Partial<Target>): Target {
  return new Proxy(target, {
    get(_, key) {
      const own: unknown = Reflect.get(instead, key);
      if (own !== undefined) return own;
      const member: unknown = Reflect.get(target, key);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** Destroys the device right after so many submits. */
export function destroyAfter(device: GPUDevice, submits: number): void {
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  let left = submits;
  queue.submit = (buffers) => {
    submit(buffers);
    if (--left === 0) device.destroy();
  };
}

/** Says at every error scope for memory that there was none. */
export function refuseMemory(device: GPUDevice): void {
  const pop = device.popErrorScope.bind(device);
  const push = device.pushErrorScope.bind(device);
  const scopes: GPUErrorFilter[] = [];
  device.pushErrorScope = (filter) => {
    scopes.push(filter);
    return push(filter);
  };
  device.popErrorScope = async () => {
    const filter = scopes.pop();
    const found = await pop();
    return filter === "out-of-memory" ? new GPUOutOfMemoryError("64 GB were asked for") : found;
  };
}

/** Makes every sum of squares and products wrong. */
export function lie(device: GPUDevice): void {
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) =>
    create({
      ...descriptor,
      code: descriptor.code.replace("(v.x + v.y) + (v.z + v.w)", "(v.x + v.y) + 2.0 * (v.z + v.w)"),
    });
}
