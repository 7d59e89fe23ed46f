/** What a page that has loaded says of itself. */
export interface PageFacts {
  readonly title: string;
  readonly heading: string;
  readonly forms: readonly { readonly action: string; readonly hasPassword: boolean; readonly hasCard: boolean }[];
  readonly icon: string;
  readonly resourceHosts: readonly string[];
  readonly hiddenFrames: number;
  readonly blocksContextMenu: boolean;
}
