/** A place that lasts as long as the browser runs and is never written to disk: it spares one wrapped key a start. */
export interface SessionKeep {
  read(): Promise<unknown>;
  write(value: unknown): Promise<void>;
}
