import { send, serve } from "../messages.ts";
import { Judge } from "./judge.ts";

const judge = new Judge((events) => send("journal", "record", events));

serve("engine", {
  configure: (policy) => judge.configure(policy),
  state: () => judge.state(),
  test: ({ bytes }) => judge.test(bytes),
});
