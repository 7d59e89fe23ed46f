import { afterEach, expect, test, vi } from "vitest";
import { download } from "../../src/extension/background/list-download.ts";

const URL_ = "https://lists.example/a.txt";
const answer = (response: Response | Error) =>
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => {
      if (response instanceof Error) throw response;
      return response;
    }),
  );
const stream = (...chunks: (string | Error)[]) =>
  new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk instanceof Error) controller.error(chunk);
      else if (chunk === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(chunk));
    },
  });

afterEach(() => vi.unstubAllGlobals());

test("a list comes whole, asked for without cookies and without a referrer", async () => {
  answer(new Response(stream("a.exa", "mple\n"), { headers: { "content-length": "10" } }));
  expect(new TextDecoder().decode(await download(URL_))).toBe("a.example\n");
  expect(fetch).toHaveBeenCalledWith(
    URL_,
    expect.objectContaining({ credentials: "omit", referrerPolicy: "no-referrer" }),
  );
});

test("compressed, its length on the way says nothing", async () => {
  const headers = { "content-length": "3", "content-encoding": "gzip" };
  answer(new Response(stream("a.example\n"), { headers }));
  expect(await download(URL_)).toHaveLength(10);
});

test.each([
  ["half a download", () => new Response(stream("a.exa"), { headers: { "content-length": "10" } }), "incomplete"],
  ["a connection that breaks", () => new Response(stream("a.exa", new Error("reset"))), "incomplete"],
  ["a refusal", () => new Response("no", { status: 403 }), "status"],
  ["no connection", () => new TypeError("Failed to fetch"), "network"],
  ["more than can be read", () => new Response(stream(...Array(70).fill("x".repeat(2 ** 20)))), "tooLong"],
])("%s is no list", async (_, response, problem) => {
  answer(response());
  await expect(download(URL_)).rejects.toMatchObject({ problem, code: "resource" });
});
