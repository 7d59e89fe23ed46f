/** The job, which a call begins only when the one before it has ended, however that ended. */
export function oneByOne<Given extends unknown[]>(job: (...given: Given) => Promise<void>) {
  let last = Promise.resolve();
  return (...given: Given): Promise<void> => {
    const next = last.then(() => job(...given));
    last = next.catch(() => {});
    return next;
  };
}
