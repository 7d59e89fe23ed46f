import type { TargetedSubmitEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import { Hosts } from "./hosts.tsx";
import type { ShowToast } from "./toast.tsx";

/** What was typed, understood, or what is wrong with it. */
export type Entry = { readonly name: string } | { readonly problem: string };

export interface EntryWords {
  readonly field: string;
  readonly hint: string;
  readonly add: string;
  readonly empty: string;
  remove(name: string): string;
  added(name: string): string;
  removed(name: string): string;
}

interface Props {
  /** Unique on the page. */
  id: string;
  entries: readonly string[];
  words: EntryWords;
  read: (typed: string) => Entry;
  /** Answers whether the list was saved. */
  onChange: (entries: readonly string[]) => Promise<boolean>;
  showToast: ShowToast;
}

/** Names that the user keeps: one is typed in above, each can be taken out, which can be undone. */
export function EntryList({ id, entries, words, read, onChange, showToast }: Props) {
  const latest = useRef(entries);
  latest.current = entries;
  const add = (name: string) => onChange([...latest.current.filter((other) => other !== name), name].sort());
  const remove = async (name: string) => {
    const isSaved = await onChange(latest.current.filter((other) => other !== name));
    if (isSaved) showToast({ text: words.removed(name), onUndo: () => void add(name) });
  };
  return (
    <>
      <AddEntry id={id} words={words} read={read} onAdd={add} showToast={showToast} />
      {entries.length === 0 && <p class="quiet-text">{words.empty}</p>}
      <Hosts hosts={entries} removal={words.remove} onRemove={remove} />
    </>
  );
}

interface AddProps extends Pick<Props, "id" | "words" | "read" | "showToast"> {
  onAdd: (name: string) => Promise<boolean>;
}

function AddEntry({ id, words, read, onAdd, showToast }: AddProps) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string>();
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entry = read(typed);
    setProblem("problem" in entry ? entry.problem : undefined);
    if ("problem" in entry) return event.currentTarget?.querySelector("input")?.focus();
    setTyped("");
    if (await onAdd(entry.name)) showToast({ text: words.added(entry.name) });
    else setTyped((newer) => newer || typed);
  };
  return (
    <form class="add-host" onSubmit={submit} noValidate>
      <label for={id}>{words.field}</label>
      <div class="field">
        <input
          id={id}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          placeholder={words.hint}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-problem`}
        />
        <button type="submit" class="primary">
          {words.add}
        </button>
      </div>
      <p id={`${id}-problem`} class="problem" role="alert">
        {problem}
      </p>
    </form>
  );
}
