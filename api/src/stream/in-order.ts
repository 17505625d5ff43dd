/**
 * Works on so many items at once and gives the results in the items' order, each as soon as it is there: neither a slow
 * source nor a slow reader holds up more than itself. What fails does so in its turn, behind the results before it.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const source = items[Symbol.asyncIterator]();
  const underWay: Promise<Result>[] = [];
  let next: Promise<IteratorResult<Item>> | undefined;
  let isAtEnd = false;
  try {
    for (;;) {
      if (!isAtEnd && next === undefined && underWay.length < atOnce) next = quietly(source.next());
      const [first] = underWay;
      if (first !== undefined && (next === undefined || (await earlierOf(first, next)) === "result")) {
        void underWay.shift();
        yield await first;
        continue;
      }
      if (next === undefined) return;
      const came: IteratorResult<Item, unknown> = await next;
      next = undefined;
      if (came.done === true) isAtEnd = true;
      else underWay.push(quietly(work(came.value)));
    }
  } finally {
    // behind an item that is still awaited it would wait as well, and what failed is to be told now
    const ended = quietly(Promise.resolve(source.return?.()));
    if (next === undefined) await ended;
  }
}

/** A source that has failed is looked at when nothing stands before it. */
async function earlierOf(result: Promise<unknown>, item: Promise<unknown>): Promise<"result" | "item"> {
  const isThere = (): "result" => "result";
  const later = new Promise<never>(() => undefined);
  return Promise.race([result.then(isThere, isThere), item.then((): "item" => "item", () => later)]); // prettier-ignore
}

/** What nobody waits for any more may fail without being heard. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
