export interface Page<Item> {
  readonly items: readonly Item[];
  /** `cursor` of the next page; null: this is the last one. */
  readonly nextCursor: string | null;
}

/** All items, page by page: `for await (const item of list)`. Pages are asked for as they are needed. */
export class List<Item> implements AsyncIterable<Item> {
  readonly #load: (cursor: string | undefined) => Promise<Page<Item>>;
  readonly #cursor: string | undefined;

  constructor(load: (cursor: string | undefined) => Promise<Page<Item>>, cursor?: string) {
    this.#load = load;
    this.#cursor = cursor;
  }

  /** The first page alone, or the one that `cursor` of the query names. */
  page(): Promise<Page<Item>> {
    return this.#load(this.#cursor);
  }

  async *pages(): AsyncGenerator<Page<Item>, void, undefined> {
    for (let cursor = this.#cursor; ; ) {
      const page = await this.#load(cursor);
      yield page;
      if (page.nextCursor === null) return;
      cursor = page.nextCursor;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }
}
