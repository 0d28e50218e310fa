import type { SeededRandom } from '@weft/testing';
import * as Y from 'yjs';

/** A few people who write one document, each in a copy of their own. */
export class RandomDocument {
  readonly copies: readonly Y.Doc[];
  readonly #random: SeededRandom;

  constructor(people: number, random: SeededRandom) {
    this.#random = random;
    this.copies = Array.from({ length: people }, (_, at) => {
      const doc = new Y.Doc();
      doc.clientID = 2 ** 40 + at;
      return doc;
    });
  }

  /** Somebody types, deletes, formats or sets an entry; or takes in what another has. */
  step(): void {
    const doc = this.#random.pick(this.copies);
    if (this.#random.below(4) === 0) {
      const other = this.#random.pick(this.copies);
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)));
    } else this.#change(doc);
  }

  #change(doc: Y.Doc): void {
    const text = doc.getText('text');
    const at = this.#random.below(text.length + 1);
    const some = Math.min(text.length - at, 1 + this.#random.below(5));
    switch (this.#random.below(6)) {
      case 0:
        text.delete(at, some);
        break;
      case 1:
        text.format(at, some, { bold: this.#random.below(2) === 0 });
        break;
      case 2:
        doc.getMap('entries').set(`k${this.#random.below(3)}`, this.#random.below(100));
        break;
      case 3: {
        const list = doc.getArray<Y.Map<number>>('list');
        if (list.length > 3) list.delete(this.#random.below(list.length), 1);
        else list.insert(this.#random.below(list.length + 1), [new Y.Map([['n', this.#random.below(9)]])]);
        break;
      }
      default:
        text.insert(at, 'weft '.slice(0, 1 + this.#random.below(5)));
    }
  }
}

/** What a document shows. */
export function contentOf(doc: Y.Doc): unknown {
  return {
    text: doc.getText('text').toDelta(),
    entries: doc.getMap('entries').toJSON(),
    list: doc.getArray('list').toJSON(),
  };
}

/** The document that holds all that these hold, as Yjs merges it. */
export function mergedByYjs(docs: readonly Y.Doc[]): Y.Doc {
  const whole = new Y.Doc();
  for (const doc of docs) Y.applyUpdate(whole, Y.encodeStateAsUpdate(doc));
  return whole;
}
