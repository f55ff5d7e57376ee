const none = -1;
const rowsAtFirst = 1_024;

const longer = <Column extends Int32Array | Float64Array>(from: Column, to: Column): Column => {
  to.set(from);
  return to;
};

/** Sums by (subject, metric, day): columns, a table of hashes over them, and a chain through each subject's rows. */
export class FactTable {
  rows: number = 0;
  subject: Int32Array = new Int32Array(rowsAtFirst);
  metric: Int32Array = new Int32Array(rowsAtFirst);
  day: Int32Array = new Int32Array(rowsAtFirst);
  n: Float64Array = new Float64Array(rowsAtFirst);
  x: Float64Array = new Float64Array(rowsAtFirst);
  /** The row before of the same subject. */
  #before: Int32Array = new Int32Array(rowsAtFirst);
  /** By subject. */
  readonly #newest: number[] = [];
  /** Row + 1 by hash, 0 where free; at most half of the places are taken. */
  #places: Int32Array = new Int32Array(2 * rowsAtFirst);

  newest(subject: number): number {
    return this.#newest[subject] ?? none;
  }

  before(row: number): number {
    return this.#before[row] as number;
  }

  /** Row of the three; a new one where there was none. */
  row(subject: number, metric: number, day: number): number {
    const place = this.#place(subject, metric, day);
    const known = (this.#places[place] as number) - 1;
    if (known !== none) return known;
    if (this.rows === this.subject.length) {
      this.#grow();
      return this.row(subject, metric, day);
    }
    const row = this.rows;
    this.rows += 1;
    this.#places[place] = row + 1;
    this.subject[row] = subject;
    this.metric[row] = metric;
    this.day[row] = day;
    this.#before[row] = this.newest(subject);
    this.#newest[subject] = row;
    return row;
  }

  /** Where the three stand in the table of hashes, or the free place for them. */
  #place(subject: number, metric: number, day: number): number {
    const mask = this.#places.length - 1;
    // Odd multipliers with well mixed bits, of xxHash (Y. Collet).
    const mixed = Math.imul(subject, 0x9e3779b1) ^ Math.imul(metric, 0x85ebca77) ^ Math.imul(day, 0xc2b2ae3d);
    let place = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const row = (this.#places[place] as number) - 1;
      if (row === none) return place;
      if (this.subject[row] === subject && this.day[row] === day && this.metric[row] === metric) return place;
      place = (place + 1) & mask;
    }
  }

  #grow(): void {
    const length = 2 * this.rows;
    this.subject = longer(this.subject, new Int32Array(length));
    this.metric = longer(this.metric, new Int32Array(length));
    this.day = longer(this.day, new Int32Array(length));
    this.n = longer(this.n, new Float64Array(length));
    this.x = longer(this.x, new Float64Array(length));
    this.#before = longer(this.#before, new Int32Array(length));
    this.#places = new Int32Array(2 * length);
    for (let row = 0; row < this.rows; row += 1) {
      const place = this.#place(this.subject[row] as number, this.metric[row] as number, this.day[row] as number);
      this.#places[place] = row + 1;
    }
  }
}
