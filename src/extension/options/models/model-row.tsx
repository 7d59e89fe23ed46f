import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { t } from "../../browser.ts";
import type { ModelState } from "../../messages.ts";
import { fileSize, milliseconds, score } from "../format.ts";
import { Technical } from "../parts.tsx";
import type { Facts } from "./packaged.ts";

interface Props {
  facts: Facts;
  id: string;
  /** What the judge says of it; absent while the judge has not been started. */
  state: ModelState | undefined;
  latencyMs: number | undefined;
  isOff?: boolean;
  children?: ComponentChildren;
}

/** One model: its name, what it is doing, how large and how fast it is; the rest on demand. */
export function ModelRow({ facts, id, state, latencyMs, isOff = false, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const details = useId();
  const name = isOff ? "off" : (state?.state ?? "asleep");
  return (
    <li class="model" data-testid="model" data-model={id} data-state={name} data-provider={state?.provider}>
      <div class="row-head">
        <strong>{facts.name}</strong>
        <span class="quiet-text">{t("about_version", id.split("@")[1] ?? "")}</span>
        {state?.provider && <span class="quiet-text">{t(`provider_${state.provider}`)}</span>}
        <span class="state row-end" data-state={name}>
          {t(`model_${name}`)}
        </span>
      </div>
      {state?.failure && (
        <p class="failure">
          <strong>{t(`failure_${state.failure.code}`)}.</strong>
          <Technical detail={state.failure.message} />
        </p>
      )}
      <div class="row-head model-foot">
        <span class="quiet-text">{sizesOf(facts)}</span>
        {latencyMs !== undefined && (
          <span class="quiet-text" data-testid="latency">
            {t("models_latency", milliseconds(latencyMs))}
          </span>
        )}
        <span class="row-end model-buttons">
          {children}
          <button
            type="button"
            class="link"
            aria-expanded={isOpen}
            aria-controls={details}
            onClick={() => setOpen(!isOpen)}
          >
            {t(isOpen ? "models_less" : "models_more")}
          </button>
        </span>
      </div>
      <div id={details} hidden={!isOpen}>
        <FactList facts={facts} />
      </div>
    </li>
  );
}

/** Files of a network for pictures are the same in other forms, of which one is loaded; those of an encoder are its parts. */
function sizesOf({ files, heads }: Facts): string {
  const sizes = files.map(({ bytes }) => bytes);
  return heads ? fileSize(sizes.reduce((sum, bytes) => sum + bytes, 0)) : sizes.map(fileSize).join(" · ");
}

/** What a model's maker says of it, and the hashes of its files. */
export function FactList({ facts }: { facts: Facts }) {
  const { license, source, about, input, classes, heads, weight, files } = facts;
  return (
    <dl class="facts">
      {about && <Fact name={t("fact_about")}>{about}</Fact>}
      <Fact name={t("fact_source")}>{source}</Fact>
      <Fact name={t("fact_license")}>{license}</Fact>
      {input && <Fact name={t("fact_input")}>{input}</Fact>}
      {classes && <Fact name={t("fact_classes")}>{classes.join(" · ")}</Fact>}
      {heads && <Fact name={t("fact_heads")}>{heads.join(" · ")}</Fact>}
      {weight !== undefined && <Fact name={t("fact_weight")}>{score(weight)}</Fact>}
      {files.map(({ sha256 }) => (
        <Fact key={sha256} name="SHA-256">
          <code data-testid="sha256">{sha256}</code>
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}
