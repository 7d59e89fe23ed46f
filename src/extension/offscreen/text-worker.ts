import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { modelName, parseCatalog } from "../../core/catalog.ts";
import { within } from "../../core/detector.ts";
import { failureOf } from "../../core/errors.ts";
import { type EncoderHalf, judgeTexts, type TextParts } from "../../core/text/pipeline.ts";
import type { Finding, PackPin, TextSubject } from "../../core/types.ts";
import { textPackOf } from "../../inference/text-pack.ts";
import { textPartsOf } from "../../inference/text-parts.ts";
import { openPackFiles } from "../../storage/packs.ts";
import { readModel, usePackagedRuntime } from "./packaged.ts";
import { tryTextPack } from "./text-pack-trial.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";
import { serveWorker } from "./worker-server.ts";

usePackagedRuntime();
const catalog = parseCatalog(catalogJson);
const answer = (message: FromWorker) => postMessage(message);
let packs: readonly PackPin[] = [];
let parts: Promise<TextParts> | undefined;

serveWorker<TextSubject>(async (subjects, signal) => {
  parts ??= openParts();
  return judgeTexts(await parts, subjects, { isWanted }, signal);
});

addEventListener("message", async ({ data }: MessageEvent<ToWorker<TextSubject>>) => {
  if (data.kind === "packs") packs = data.packs;
  if (data.kind === "tryPack") {
    const trial = textPackOf(data, openPackFiles().read).then((half) => tryTextPack(half, catalog));
    answer({ kind: "triedPack", trial: await trial.catch(failureOf) });
  }
});

/** What stands on a page is everybody's already; what the user is about to send is not. */
async function openParts(): Promise<TextParts> {
  const all = textPartsOf(catalog, readModel, await ownEncoder());
  return { ...all, finders: all.finders.map((finder) => within(["prompt", "paste"], finder)) };
}

/** That of the pack in use. Where its file is gone or altered, the packaged encoder serves, and the client is told. */
async function ownEncoder(): Promise<EncoderHalf | undefined> {
  const pin = packs.find(({ isEnabled }) => isEnabled);
  return (
    pin &&
    textPackOf(pin, openPackFiles().read).catch((error: unknown) => {
      answer({ kind: "packFailed", failure: { ...failureOf(error), model: modelName(pin) } });
      return undefined;
    })
  );
}

/** A harmless text of a page needs no description unless hours go by it: it would cost more than the judging. */
function isWanted({ signals }: Finding, { isDescribed }: TextSubject): boolean {
  return isDescribed === true || signals.some(({ score }) => score >= 0.5);
}
