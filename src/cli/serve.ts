import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { failureOf, WardlightError } from "../core/errors.ts";
import { answerTo, type ProgramJudges } from "../core/programs/answers.ts";
import { MAX_BODY, PATHS, type Path } from "../core/programs/questions.ts";
import { BusyError, Turnstile } from "../core/programs/turnstile.ts";
import type { FailureCode } from "../core/types.ts";

export const DEFAULT_PORT = 8750;
/** Shorter ones can be guessed. */
const LEAST_TOKEN = 16;
const READ_WITHIN_MS = 30_000;
const MAX_CONNECTIONS = 64;

export interface ServeOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** Who asks must know it; a new one where none is given. */
  readonly token?: string | undefined;
}

export interface Served {
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

/** A refusal with the HTTP status that says why. */
class Refused extends WardlightError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: FailureCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, message);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Answers local programs over HTTP on 127.0.0.1, one question at a time. No browser is answered, whatever it asks: pages
 * must not reach it, neither across origins nor by a name that they had resolved to this machine.
 * @throws WardlightError `validation` for a weak token; rejects where the port is taken.
 */
export async function serve(judges: ProgramJudges, { port, token = newToken() }: ServeOptions): Promise<Served> {
  if (!/^[\x21-\x7e]{1,256}$/.test(token) || token.length < LEAST_TOKEN) {
    throw new WardlightError("validation", `A token has ${LEAST_TOKEN} to 256 characters of ASCII, without spaces.`);
  }
  const turnstile = new Turnstile();
  const asOne = oneByOne(judges);
  const server = createServer({ requestTimeout: READ_WITHIN_MS }, async (request, response) => {
    try {
      const path = admitted(request, portOf(server), token);
      const leave = turnstile.enter("local", Date.now());
      try {
        respond(response, 200, await answerTo(path, await bodyOf(request), asOne));
      } finally {
        leave();
      }
    } catch (error) {
      refuse(response, error);
    }
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return { port: portOf(server), token, close: () => close(server) };
}

function newToken(): string {
  return randomBytes(24).toString("base64url");
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}

/** All that is known before the body is read. Answers the path. */
function admitted({ method, url = "", headers }: IncomingMessage, port: number, token: string): Path {
  const names = ["127.0.0.1", "localhost"].map((name) => `${name}:${port}`);
  // A page that has its own name resolved to this machine keeps that name in the Host header.
  if (!names.includes(headers.host ?? ""))
    throw new Refused(403, "security", `The host must be ${names.join(" or ")}.`);
  if (headers.origin !== undefined || headers["sec-fetch-site"] !== undefined) {
    throw new Refused(403, "security", "Browsers are not answered; an extension asks the extension.");
  }
  if (!isBearer(headers.authorization, token)) {
    const wanted = { "www-authenticate": "Bearer" };
    throw new Refused(401, "security", "Send the token that was printed at the start: Authorization: Bearer …", wanted);
  }
  const path = PATHS.find((one) => one === url);
  if (!path) throw new Refused(404, "validation", `There are ${PATHS.join(", ")}.`);
  if (method !== "POST") throw new Refused(405, "validation", `${path} is asked with POST.`, { allow: "POST" });
  if (!/^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "")) {
    throw new Refused(415, "validation", "Ask in JSON: Content-Type: application/json.");
  }
  return path;
}

/** In a time that tells nothing of the token. */
function isBearer(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${token}`));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const tooLong = new Refused(413, "validation", `A question has at most ${MAX_BODY} bytes.`, { connection: "close" });
  if (Number(request.headers["content-length"]) > MAX_BODY) throw tooLong;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) throw tooLong;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new WardlightError("validation", "The question is no JSON.");
  }
}

function refuse(response: ServerResponse, error: unknown) {
  const { code, message } = failureOf(error);
  const body = { error: { code, message } };
  if (error instanceof Refused) return respond(response, error.status, body, error.headers);
  if (error instanceof BusyError) {
    return respond(response, 429, body, { "retry-after": String(Math.ceil(error.afterMs / 1000)) });
  }
  return respond(response, code === "validation" ? 400 : 503, body);
}

function respond(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
) {
  const fixed = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  response.writeHead(status, { ...fixed, ...headers }).end(`${JSON.stringify(body)}\n`);
}

/** Networks run one at a time; what comes meanwhile waits. */
function oneByOne(judges: ProgramJudges): ProgramJudges {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn =
    <Args extends unknown[], Result>(job: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      const next = last.then(() => job(...args));
      last = next.catch(() => {});
      return next;
    };
  const { judgePicture, judgeText, judgeAddress } = judges;
  return {
    ...judges,
    judgePicture: inTurn(judgePicture),
    judgeText: inTurn(judgeText),
    judgeAddress: inTurn(judgeAddress),
  };
}
