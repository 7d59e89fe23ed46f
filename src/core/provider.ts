/** What runs a network: ONNX Runtime's WebAssembly or the graphics card. */
export type Provider = "wasm" | "webgpu";

/**
 * Why the graphics card does not serve: the browser offers none (WebGPU and JSPI are both needed), there is no adapter,
 * the adapter is a program on the processor, it did not compute the self-check right, its device was lost, or a run failed.
 */
export type NoGpu = "unsupported" | "noAdapter" | "software" | "selfCheck" | "lost" | "failed";

/** An adapter, as it names itself; a browser may leave the names out. */
export interface Card {
  readonly name: string;
  readonly isSoftware: boolean;
  /** WebGPU's features, such as `shader-f16`. */
  readonly features: readonly string[];
}

/** What came of trying the graphics card; without `noGpu` it may be trusted. */
export interface GpuReport {
  readonly noGpu?: NoGpu;
  /** The cause in the runtime's own words. */
  readonly detail?: string;
  readonly card?: Card;
  /** Largest difference between a probability from the card and from WebAssembly; absent when there was no answer. */
  readonly difference?: number;
}
