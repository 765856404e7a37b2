/**
 * Something that counts until something else takes its turn.
 *
 * Its signal asks whoever works for it to stop; `isOver` holds also where nobody listens to that.
 */
export class Turn {
  readonly #controller = new AbortController();
  #isOver = false;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
    this.#controller.abort();
  }
}
