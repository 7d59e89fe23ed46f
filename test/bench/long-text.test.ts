import { expect, test } from "vitest";
import { tasksOf } from "./long-text.bench.ts";

const PAGE = "https://page.example/script.js";
const OURS = "chrome-extension://us/src/extension/content/texts.iife.js";
const event = (name: string, ts: number, dur: number, url = "") => ({
  name,
  ts: ts * 1_000,
  dur: dur * 1_000,
  tid: 1,
  pid: 1,
  args: { data: { url } },
});

test("content scripts' time is summed up by task, a call within a call counts once, and a page's own not at all", () => {
  const events = [
    event("RunTask", 0, 100),
    event("FunctionCall", 1, 30, OURS),
    event("FunctionCall", 2, 20, OURS),
    event("FunctionCall", 40, 25, OURS),
    event("FunctionCall", 70, 30, PAGE),
    event("RunTask", 200, 60),
    event("FunctionCall", 201, 10, OURS),
  ];
  expect(tasksOf(events)).toEqual({ long: 1, longestMs: 55, totalMs: 65 });
});
