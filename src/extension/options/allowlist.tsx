import type { TargetedSubmitEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import { t } from "../browser.ts";
import { type HostEntry, readHost } from "./host-entry.ts";
import { Hosts } from "./hosts.tsx";
import { Card } from "./parts.tsx";
import type { ShowToast } from "./toast.tsx";

interface Props {
  hosts: readonly string[];
  /** Answers whether the list was saved. */
  onChange: (hosts: readonly string[]) => Promise<boolean>;
  showToast: ShowToast;
}

/** The sites that the user exempts. */
export function Allowlist({ hosts, onChange, showToast }: Props) {
  const latest = useRef(hosts);
  latest.current = hosts;
  const add = (host: string) => onChange([...latest.current.filter((other) => other !== host), host].sort());
  const remove = async (host: string) => {
    const isSaved = await onChange(latest.current.filter((other) => other !== host));
    if (isSaved) showToast({ text: t("allow_removed", host), onUndo: () => void add(host) });
  };
  return (
    <Card title={t("allow_title")} lead={t("allow_lead")}>
      <AddHost hosts={hosts} onAdd={add} showToast={showToast} />
      {hosts.length === 0 && <p class="quiet-text">{t("allow_empty")}</p>}
      <Hosts hosts={hosts} removal={(host) => t("allow_remove", host)} onRemove={remove} />
    </Card>
  );
}

interface AddProps {
  hosts: readonly string[];
  onAdd: (host: string) => Promise<boolean>;
  showToast: ShowToast;
}

function AddHost({ hosts, onAdd, showToast }: AddProps) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string>();
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entry = readHost(typed, hosts);
    setProblem(problemOf(entry, typed));
    if (entry.kind !== "host") return event.currentTarget?.querySelector("input")?.focus();
    setTyped("");
    if (await onAdd(entry.host)) showToast({ text: t("allow_added", entry.host) });
    else setTyped((newer) => newer || typed);
  };
  return (
    <form class="add-host" onSubmit={submit} noValidate>
      <label for="host-name">{t("allow_field")}</label>
      <div class="field">
        <input
          id="host-name"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          placeholder={t("allow_hint")}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby="host-problem"
        />
        <button type="submit" class="primary">
          {t("allow_add")}
        </button>
      </div>
      <p id="host-problem" class="problem" role="alert">
        {problem}
      </p>
    </form>
  );
}

function problemOf(entry: HostEntry, typed: string): string | undefined {
  switch (entry.kind) {
    case "host":
      return undefined;
    case "empty":
      return t("allow_errorEmpty");
    case "invalid":
      return t("allow_errorInvalid", typed.trim());
    case "covered":
      return t("allow_errorCovered", entry.host, entry.by);
  }
}
