import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { OpenOptions } from "./harness.ts";

/** One request as the browser made it, whoever in the browser asked. */
export interface Passed {
  readonly method: string;
  /** With the port, if any. */
  readonly host: string;
  /** With the query; "" where the browser wanted a tunnel, which is refused. */
  readonly path: string;
}

export interface WatchedProxy {
  /** What a browser has to be opened with, so that all its requests come by here, those to this machine too. */
  readonly options: Pick<OpenOptions, "flags" | "preferences">;
  readonly passed: readonly Passed[];
  close(): Promise<void>;
}

/** Lets requests to this machine through, writes every one down, and answers any other itself. */
export async function serveProxy(): Promise<WatchedProxy> {
  const passed: Passed[] = [];
  const server = createServer((request, response) => {
    const { host, pathname, search, hostname } = new URL(request.url ?? "", "http://proxy");
    passed.push({ method: request.method ?? "", host, path: pathname + search });
    if (hostname === "127.0.0.1") pass(request, response);
    else response.writeHead(502).end();
  });
  server.on("connect", ({ url = "" }, socket) => {
    passed.push({ method: "CONNECT", host: url, path: "" });
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    options: {
      flags: [`--proxy-server=127.0.0.1:${port}`, "--proxy-bypass-list=<-loopback>"],
      preferences: firefox(port),
    },
    passed,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function firefox(port: number) {
  return {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": port,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": port,
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": true,
  };
}

function pass(request: IncomingMessage, response: ServerResponse) {
  const { method, headers, url = "" } = request;
  const onward = forward(url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}
