import { Icon } from "./icons.tsx";

interface Props {
  hosts: readonly string[];
  /** What taking a host off the list is called. */
  removal: (host: string) => string;
  onRemove: (host: string) => void;
}

/** Hosts or addresses that the user named, each with a button that takes it off; nothing where there are none. */
export function Hosts({ hosts, removal, onRemove }: Props) {
  if (hosts.length === 0) return null;
  return (
    <ul class="hosts">
      {hosts.map((host) => (
        <li key={host}>
          <bdi>{host}</bdi>
          <button
            type="button"
            class="bare"
            onClick={() => onRemove(host)}
            aria-label={removal(host)}
            title={removal(host)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
