import type { GpuDtype } from './model-offer.js';

/** What a GPU is, and what it computes with; null where there is none or the page may not use it. */
export interface GpuAdapter {
  readonly kind: 'hardware' | 'software';
  readonly dtype: Exclude<GpuDtype, null>;
}

export async function findGpuAdapter(): Promise<GpuAdapter | null> {
  // The types know it as always there; older browsers and insecure pages have none.
  const { gpu } = navigator as { gpu?: GPU };
  const adapter = (await gpu?.requestAdapter()) ?? null;
  if (adapter === null) return null;
  const { isFallbackAdapter, vendor, architecture, description } = adapter.info;
  const name = `${vendor} ${architecture} ${description}`;
  const isSoftware = isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(name);
  return {
    kind: isSoftware ? 'software' : 'hardware',
    dtype: adapter.features.has('shader-f16') ? 'fp16' : 'fp32',
  };
}
