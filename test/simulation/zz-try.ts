import { KINDS } from "/work/analytics/src/core/simulation/person.ts";
import { subject } from "/work/analytics/test/simulation/cohort.ts";
import { escalationOutcome, peakOutcome } from "/work/analytics/test/simulation/evaluate.ts";
const N=Number(process.argv[2]??20);
let t=performance.now();
const calm=KINDS.flatMap((k,i)=>Array.from({length:N},(_,n)=>subject(k,90,false,1000*i+n)));
const esc=KINDS.flatMap((k,i)=>Array.from({length:N},(_,n)=>subject(k,90,true,500000+1000*i+n)));
console.log("made",performance.now()-t); t=performance.now();
for(const k of KINDS){
  const s=calm.filter(x=>x.person.kind===k);
  const p=s.map((x,i)=>peakOutcome(x,i));
  const rep=p.filter(x=>x.isReported);
  console.log(k.padEnd(10),"attempts/d",(s.reduce((a,x)=>a+x.known.history.attempts.length,0)/s.length/90).toFixed(2),"peak reported",rep.length/s.length,"within1h",(rep.filter(x=>x.offHours<=1).length/Math.max(1,rep.length)).toFixed(3));
}
console.log("peaks",performance.now()-t);
for(const alarm of [3,3.5,4,4.5,5,6]){
 const c=calm.map(x=>escalationOutcome(x,alarm)); const e=esc.map(x=>escalationOutcome(x,alarm));
 const d=e.map(x=>x.delayDays).filter(x=>x!==null).sort((a,b)=>a-b);
 console.log(alarm,"false/90d",(c.reduce((a,x)=>a+x.falseAlarms,0)/c.length).toFixed(2),"found",(d.length/e.length).toFixed(3),"≤7d",(d.filter(x=>x<=7).length/e.length).toFixed(3),"median",d[d.length>>1]);
}
for(const k of KINDS){ const e=esc.filter(x=>x.person.kind===k).map(x=>escalationOutcome(x,4)); const c=calm.filter(x=>x.person.kind===k).map(x=>escalationOutcome(x,4));
 console.log(k, "found",(e.filter(x=>x.delayDays!==null).length/e.length).toFixed(2),"≤7",(e.filter(x=>x.delayDays!==null&&x.delayDays<=7).length/e.length).toFixed(2),"false",(c.reduce((a,x)=>a+x.falseAlarms,0)/c.length).toFixed(2));}
