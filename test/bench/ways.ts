/** One way in which a page can show a picture. */
export interface Way {
  readonly name: string;
  /** The page's body, to show the picture of this address at 160 × 120 px or more; absent where the address itself is opened. */
  readonly html?: (src: string) => string;
}

const BOX = "width:160px;height:120px;display:block";
const script = (body: string) => `<script>${body}</script>`;
const quoted = (html: string) => html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
const img = (src: string, rest = "") => `<img width=160 height=120 src="${src}" ${rest}>`;
/** The picture as a Blob, as `blob` in what follows. */
const fetched = (src: string, then: string) =>
  script(`fetch("${src}").then((r) => r.blob()).then((blob) => {${then}})`);

export const WAYS: readonly Way[] = [
  { name: "img", html: (src) => img(src) },
  { name: "img-important", html: (src) => img(src, 'style="opacity:1!important;visibility:visible!important"') },
  { name: "img-forged-mark", html: (src) => img(src, 'data-wardlight="shown"') },
  { name: "srcset", html: (src) => `<img width=160 height=120 srcset="${src} 1x">` },
  { name: "picture", html: (src) => `<picture><source srcset="${src}"><img width=160 height=120></picture>` },
  { name: "lazy", html: (src) => img(src, "loading=lazy") },
  {
    name: "added",
    html: (src) => script(`setTimeout(() => document.body.insertAdjacentHTML("beforeend", \`${img(src)}\`), 60)`),
  },
  {
    name: "swapped",
    html: (src) =>
      `<img id=a width=160 height=120 src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">${script(`setTimeout(() => { a.src = "${src}" }, 60)`)}`,
  },
  {
    name: "cloned",
    html: (src) =>
      `${img(src)}${script("setInterval(() => document.body.replaceChildren(document.images[0].cloneNode()), 30)")}`,
  },
  { name: "input", html: (src) => `<input type=image width=160 height=120 src="${src}">` },
  { name: "css-background", html: (src) => `<div style="${BOX};background:url(${src})"></div>` },
  { name: "css-image-set", html: (src) => `<div style='${BOX};background:image-set("${src}" 1x)'></div>` },
  {
    name: "css-late",
    html: (src) =>
      `<style>.late{background:url(${src})}</style><div id=a style="${BOX}"></div>${script('setTimeout(() => { a.className = "late" }, 60)')}`,
  },
  {
    name: "css-before",
    html: (src) => `<style>p::before{content:"";${BOX};background:url(${src})}</style><p></p>`,
  },
  { name: "css-content", html: (src) => `<div style="${BOX};content:url(${src})"></div>` },
  { name: "css-content-after", html: (src) => `<style>p::after{content:url(${src})}</style><p></p>` },
  {
    name: "css-border-image",
    html: (src) =>
      `<div style="${BOX};box-sizing:border-box;border:40px solid;border-image:url(${src}) 30 fill"></div>`,
  },
  {
    name: "css-list-style",
    html: (src) => `<ul style="margin-left:200px"><li style="list-style-image:url(${src})">a</ul>`,
  },
  { name: "svg-image", html: (src) => `<svg width=160 height=120><image href="${src}" width=160 height=120 /></svg>` },
  {
    name: "svg-pattern",
    html: (src) =>
      `<svg width=160 height=120><pattern id=p width=160 height=120 patternUnits=userSpaceOnUse><image href="${src}" width=160 height=120 /></pattern><rect width=160 height=120 fill="url(#p)" /></svg>`,
  },
  {
    name: "svg-foreign-object",
    html: (src) => `<svg width=160 height=120><foreignObject width=160 height=120>${img(src)}</foreignObject></svg>`,
  },
  { name: "poster", html: (src) => `<video width=160 height=120 poster="${src}"></video>` },
  {
    name: "canvas",
    html: (src) =>
      `<canvas id=a width=160 height=120></canvas>${script(`const i = new Image; i.src = "${src}"; i.decode().then(() => a.getContext("2d").drawImage(i, 0, 0))`)}`,
  },
  {
    name: "data",
    html: (src) =>
      fetched(
        src,
        `const r = new FileReader; r.onload = () => { const i = new Image(160, 120); i.src = r.result; document.body.append(i) }; r.readAsDataURL(blob)`,
      ),
  },
  {
    name: "blob",
    html: (src) =>
      fetched(src, "const i = new Image(160, 120); i.src = URL.createObjectURL(blob); document.body.append(i)"),
  },
  { name: "frame-srcdoc", html: (src) => `<iframe srcdoc="${quoted(img(src))}"></iframe>` },
  { name: "frame-sandboxed", html: (src) => `<iframe sandbox srcdoc="${quoted(img(src))}"></iframe>` },
  {
    name: "frame-blank",
    html: (src) => `<iframe id=a></iframe>${script(`a.contentDocument.body.innerHTML = \`${img(src)}\``)}`,
  },
  {
    name: "frame-blob",
    html: (src) =>
      `<iframe id=a></iframe>${script(`a.src = URL.createObjectURL(new Blob([\`${img(src)}\`], { type: "text/html" }))`)}`,
  },
  { name: "frame-data", html: (src) => `<iframe src="data:text/html,${encodeURIComponent(img(src))}"></iframe>` },
  {
    name: "shadow-open",
    html: (src) => `<div id=a></div>${script(`a.attachShadow({ mode: "open" }).innerHTML = \`${img(src)}\``)}`,
  },
  {
    name: "shadow-closed",
    html: (src) => `<div id=a></div>${script(`a.attachShadow({ mode: "closed" }).innerHTML = \`${img(src)}\``)}`,
  },
  { name: "shadow-declared", html: (src) => `<div><template shadowrootmode=closed>${img(src)}</template></div>` },
  {
    name: "shadow-background",
    html: (src) =>
      `<div id=a></div>${script(`a.attachShadow({ mode: "closed" }).innerHTML = \`<div style="${BOX};background:url(${src})"></div>\``)}`,
  },
  { name: "object", html: (src) => `<object width=160 height=120 data="${src}"></object>` },
  { name: "embed", html: (src) => `<embed width=160 height=120 src="${src}">` },
  { name: "direct" },
];
