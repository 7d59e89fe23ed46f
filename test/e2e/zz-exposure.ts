import { openGuarded, serveFixture, marks } from "./harness.ts";
const kind = process.argv[2] as "chromium" | "firefox";
const f = await serveFixture({ "/warm": '<img src="/test-card.jpg">', "/v": '<video id=v muted width=320 height=320></video>', "/cv":'<canvas id=c width=300 height=300></canvas>' });
const g = await openGuarded(kind);
const page = await g.newPage();
await page.goto(`${f.origin}/warm`);
for (let i = 0; i < 200 && (await marks(page)).includes(null); i++) await new Promise((r) => setTimeout(r, 100));
const exposures: number[] = [], latencies: number[] = [];
for (let n = 0; n < 12; n++) {
  await page.goto(`${f.origin}/v`);
  const out = (await page.evaluate(`new Promise((done) => {
    const v = document.getElementById("v"), x = Object.assign(document.createElement("canvas"),{width:4,height:4}).getContext("2d",{willReadFrequently:true});
    let last = null, firstAt = 0; const cuts = []; const E = [], L = []; let coveredAt = 0;
    const onFrame = (now, meta) => { x.drawImage(v,0,0,4,4); const d = x.getImageData(0,0,4,4).data;
      if (last && d.reduce((s,x,i)=>s+Math.abs(x-last[i]),0)/48 > 20) cuts.push(Math.min(meta.expectedDisplayTime ?? now, meta.presentationTime ?? now));
      last=d; v.requestVideoFrameCallback(onFrame); };
    v.requestVideoFrameCallback(onFrame);
    new MutationObserver(() => { const m = v.getAttribute("data-wardlight"), now = performance.now();
      if (m === "cut") { coveredAt = now; requestAnimationFrame(() => requestAnimationFrame((at) => E.push([coveredAt, at]))); }
      else if (coveredAt) { L.push(now - coveredAt); coveredAt = 0; } }).observe(v,{attributeFilter:["data-wardlight"]});
    v.onended = () => done({ E: E.map(([c, painted]) => { const cut = cuts.filter((t) => t <= c + 50).at(-1); return [c - cut, painted - cut]; }), L });
    v.src = "/scenes.webm?" + ${n}; v.play();
  })`)) as { E: number[][]; L: number[] };
  exposures.push(...out.E.map((e) => e[1]!));
  latencies.push(...out.L);
  if (n < 2) console.log(JSON.stringify(out));
}
const q = (a: number[], p: number) => [...a].sort((x, y) => x - y)[Math.min(a.length - 1, Math.floor(a.length * p))]?.toFixed(0);
console.log(kind, "cuts", exposures.length, "cut presented until covered frame begins, ms median", q(exposures, .5), "p95", q(exposures, .95), "max", q(exposures, 1), "| covered for ms median", q(latencies, .5), "p95", q(latencies, .95), "max", q(latencies, 1));
// Cost on a busy canvas: share of the main thread, by the guard's own looks.
await g.close(); await f.close();
