import { expect, test } from "vitest";
import { scriptShare } from "./main-thread.bench.ts";

const frame = (functionName: string, url = "") => ({
  functionName,
  url,
  scriptId: "1",
  lineNumber: 0,
  columnNumber: 0,
});

test("what an extension's function calls is its time too; idling is nobody's", () => {
  const nodes = [
    { id: 1, callFrame: frame("(root)"), children: [2, 3, 5] },
    { id: 2, callFrame: frame("(idle)") },
    { id: 3, callFrame: frame("guard", "chrome-extension://a/main.js"), children: [4] },
    { id: 4, callFrame: frame("setAttribute") },
    { id: 5, callFrame: frame("page", "http://a/") },
  ];
  const profile = { nodes, startTime: 0, endTime: 100, samples: [2, 3, 4, 5], timeDeltas: [0, 40, 10, 20, 30] };
  expect(scriptShare(profile)).toBeCloseTo(0.5, 12);
  expect(scriptShare({ nodes, startTime: 0, endTime: 1 })).toBe(0);
});
