import { send, serve } from "../messages.ts";
import { Judge } from "./judge.ts";

const judge = new Judge(
  async (events) => {
    const answer: unknown = await send("journal", "record", events);
    if (answer !== true) throw new Error("The background was gone before it answered.");
  },
  async (url, referrer) => {
    const id = await send("network", "lend", { url, referrer });
    return () => send("network", "giveBack", id);
  },
  (description) => send("navigation", "describe", description),
);

serve("engine", {
  configure: (policy) => judge.configure(policy),
  state: () => judge.state(),
  checkGpu: (request) => judge.checkGpu(request),
  test: ({ bytes }) => judge.test(bytes),
  testText: (request) => judge.testText(request),
  forget: () => judge.forget(),
  tryPack: (file) => judge.tryPack(file),
  measure: () => judge.measure(),
});
