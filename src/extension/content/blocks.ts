/** A paragraph-like element with the text that stands directly in it, and where each text node begins in it. */
export interface Block {
  readonly element: Element;
  readonly text: string;
  readonly nodes: readonly { readonly node: Text; readonly start: number }[];
}

const BLOCK =
  "address,article,aside,blockquote,body,caption,dd,details,dialog,div,dt,fieldset,figcaption,figure,footer,form," +
  "h1,h2,h3,h4,h5,h6,header,li,main,nav,ol,p,pre,section,summary,table,tbody,td,tfoot,th,thead,tr,ul";
const UNREAD = "script,style,noscript,template,textarea,select,svg";

/** Every block that holds text at or below a node, in document order; a lone text node stands for its whole block. */
export function blocksIn(root: Node): Block[] {
  const from = root instanceof Element ? root : root.parentElement;
  const top = from?.closest(BLOCK);
  if (!from || !top || isUnread(from)) return [];
  const start = from.matches(BLOCK) ? from : top;
  const byElement = new Map<Element, Text[]>();
  const walker = document.createTreeWalker(start, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const block = node.parentElement?.closest(BLOCK);
    if (!block || !node.parentElement || isUnread(node.parentElement) || !node.nodeValue?.trim()) continue;
    const texts = byElement.get(block);
    if (texts) texts.push(node as Text);
    else byElement.set(block, [node as Text]);
  }
  return [...byElement].map(([element, nodes]) => blockOf(element, nodes));
}

/** What the user is writing is no text of the page. */
function isUnread(element: Element): boolean {
  return (
    element.closest(UNREAD) !== null || element.closest("[contenteditable]")?.contains(document.activeElement) === true
  );
}

function blockOf(element: Element, texts: readonly Text[]): Block {
  let text = "";
  const nodes = texts.map((node) => {
    const start = text.length;
    text += node.data;
    return { node, start };
  });
  return { element, text, nodes };
}

/** The range of the page that offsets into a block's text stand for; undefined when the page has changed since. */
export function rangeOf({ nodes }: Block, start: number, end: number): Range | undefined {
  const from = nodes.findLast((entry) => entry.start <= start);
  const to = nodes.findLast((entry) => entry.start < end);
  if (!from || !to) return undefined;
  const [fromOffset, toOffset] = [start - from.start, end - to.start];
  const isGone = !from.node.isConnected || !to.node.isConnected;
  if (isGone || fromOffset > from.node.length || toOffset > to.node.length) return undefined;
  const range = document.createRange();
  range.setStart(from.node, fromOffset);
  range.setEnd(to.node, toOffset);
  return range;
}

/** Without the nodes that lie below another of them, so that nothing is read twice. */
export function topmost(nodes: ReadonlySet<Node>): Node[] {
  return [...nodes].filter((node) => {
    for (let above = node.parentNode; above; above = above.parentNode) if (nodes.has(above)) return false;
    return node.isConnected;
  });
}
