import { readFileSync } from 'node:fs';
import { backgroundReference } from './background.reference.ts';
import { blocksReference } from './blocks.reference.ts';
import { debayerReference } from './debayer.reference.ts';
import { detectReference } from './detect.reference.ts';
import { histogramReference } from './histogram.reference.ts';
import { physicalReference } from './physical.reference.ts';
import { MEMORY_BYTES, roomIn, type Within } from './room.ts';
import { stretchReference } from './stretch.reference.ts';
import { swapReference } from './swap.reference.ts';

/** Every kernel by its TypeScript reference, which says what it does; the binary exports the same names. */
const referencesOn = (memory: ArrayBuffer) => ({
  ...backgroundReference(memory),
  ...blocksReference(memory),
  ...debayerReference(memory),
  ...detectReference(memory),
  ...histogramReference(memory),
  ...physicalReference(memory),
  ...stretchReference(memory),
  ...swapReference(memory),
});

type KernelFunctions = Readonly<ReturnType<typeof referencesOn>>;

/**
 * Work on pixels in one linear memory. All pointers are byte offsets into it, multiples of the size of what they point
 * at; all samples are in the machine's (little-endian) order unless the kernel says otherwise.
 */
export interface Kernels extends KernelFunctions {
  /** Never grows, so views on it stay valid. */
  readonly memory: ArrayBuffer;
  readonly within: Within;
}

/** From source, and from the bundle where the files lie flat. */
const binary = new URL(
  import.meta.url.endsWith('.mjs') ? 'share/kernels.wasm' : 'kernels.wasm',
  import.meta.url,
);

/** The kernels in TypeScript: they leave exactly the same bytes, some five times slower. */
export function referenceKernels(): Kernels {
  const memory = new ArrayBuffer(MEMORY_BYTES);
  return { memory, within: roomIn(memory), ...referencesOn(memory) };
}

/** The kernels of the binary; the references where the machine has no WebAssembly SIMD. */
export function loadKernels(file: URL = binary): Kernels {
  const bytes = readFileSync(file);
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) return referenceKernels();
  const pages = MEMORY_BYTES / 65_536;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return {
    memory: memory.buffer,
    within: roomIn(memory.buffer),
    ...(exports as unknown as KernelFunctions),
  };
}

let loaded: Kernels | undefined;

/** The kernels of this thread, loaded when first asked for: one memory, which pieces of work use one after the other. */
export function sharedKernels(): Kernels {
  loaded ??= loadKernels();
  return loaded;
}
