/** Lets at most `limit` jobs run at a time; the others wait their turn in order. */
export function limited(limit: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(job: () => Promise<T>): Promise<T> => {
    if (running >= limit) await new Promise<void>((turn) => waiting.push(turn));
    else running++;
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      // The place is handed over, not given back, so that no newcomer can slip in between.
      if (next) next();
      else running--;
    }
  };
}
