/** Nodes by number, ties as pairs of places; what does not fit is left out by the caller. */
export interface NetworkShape {
  readonly nodes: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Cells farther than their side over this count as one. */
const openness = 1.1;
const gravity = 0.6;
const repulsion = 12;
/** Nodes in one place are pushed as if they lay so far apart. */
const nearest = 0.05;
const depthMax = 24;

/** A plane cut into fours until each cell holds one node; cells of one iteration, in the caller's buffers. */
class Quarters {
  readonly mass: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly side: Float64Array;
  /** Four children a cell, −1 for none. */
  readonly child: Int32Array;
  /** Node that lies in a cell alone; −1 in cells that are cut, −2 in empty ones. */
  readonly node: Int32Array;
  count = 0;

  constructor(nodes: number) {
    // A node makes at most a cell of its own and, where it meets another, some that are shared by many.
    const cells = nodes * 6 + depthMax * 4;
    this.mass = new Float64Array(cells);
    this.x = new Float64Array(cells);
    this.y = new Float64Array(cells);
    this.side = new Float64Array(cells);
    this.child = new Int32Array(cells * 4);
    this.node = new Int32Array(cells);
  }

  #add(side: number): number {
    const cell = this.count;
    this.count += 1;
    this.mass[cell] = 0;
    this.x[cell] = 0;
    this.y[cell] = 0;
    this.side[cell] = side;
    this.node[cell] = -2;
    this.child.fill(-1, cell * 4, cell * 4 + 4);
    return cell;
  }

  build(x: Float32Array, y: Float32Array, masses: Float32Array): void {
    this.count = 0;
    let reach = 1;
    for (let node = 0; node < x.length; node += 1)
      reach = Math.max(reach, Math.abs(x[node] as number), Math.abs(y[node] as number));
    this.#add(reach * 2);
    for (let node = 0; node < x.length; node += 1) this.#insert(node, x, y, masses, reach);
    for (let cell = 0; cell < this.count; cell += 1) {
      const mass = this.mass[cell] as number;
      if (mass === 0) continue;
      this.x[cell] = (this.x[cell] as number) / mass;
      this.y[cell] = (this.y[cell] as number) / mass;
    }
  }

  #weigh(cell: number, x: number, y: number, mass: number): void {
    this.mass[cell] = (this.mass[cell] as number) + mass;
    this.x[cell] = (this.x[cell] as number) + x * mass;
    this.y[cell] = (this.y[cell] as number) + y * mass;
  }

  /** Child of a cell that holds a place; made where there is none. */
  #childAt(cell: number, right: boolean, low: boolean): number {
    const at = cell * 4 + (right ? 1 : 0) + (low ? 2 : 0);
    if ((this.child[at] as number) === -1) this.child[at] = this.#add((this.side[cell] as number) / 2);
    return this.child[at] as number;
  }

  #insert(node: number, x: Float32Array, y: Float32Array, masses: Float32Array, reach: number): void {
    const [px, py, mass] = [x[node] as number, y[node] as number, masses[node] as number];
    let [cell, middleX, middleY, half] = [0, 0, 0, reach];
    for (let depth = 0; depth < depthMax; depth += 1) {
      const held = this.node[cell] as number;
      this.#weigh(cell, px, py, mass);
      if (held === -2) {
        this.node[cell] = node;
        return;
      }
      if (held >= 0) {
        this.node[cell] = -1;
        const [hx, hy] = [x[held] as number, y[held] as number];
        const below = this.#childAt(cell, hx > middleX, hy > middleY);
        this.#weigh(below, hx, hy, masses[held] as number);
        this.node[below] = held;
      }
      const [right, low] = [px > middleX, py > middleY];
      half /= 2;
      middleX += right ? half : -half;
      middleY += low ? half : -half;
      cell = this.#childAt(cell, right, low);
      if (this.count > this.node.length - 8) return;
    }
    this.#weigh(cell, px, py, mass);
  }
}

function push(cells: Quarters, node: number, x: Float32Array, y: Float32Array, mass: number, out: Float64Array): void {
  const stack = [0];
  const [px, py] = [x[node] as number, y[node] as number];
  let [fx, fy] = [0, 0];
  while (stack.length > 0) {
    const cell = stack.pop() as number;
    if (cells.node[cell] === node) continue;
    const [dx, dy] = [px - (cells.x[cell] as number), py - (cells.y[cell] as number)];
    const square = Math.max(nearest, dx * dx + dy * dy);
    const isLeaf = (cells.node[cell] as number) >= 0;
    if (isLeaf || (cells.side[cell] as number) ** 2 < openness * openness * square) {
      const force = (repulsion * mass * (cells.mass[cell] as number)) / square;
      fx += dx * force;
      fy += dy * force;
      continue;
    }
    let children = 0;
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const child = cells.child[cell * 4 + quarter] as number;
      if (child !== -1) {
        stack.push(child);
        children += 1;
      }
    }
    if (children > 0) continue;
    // Nodes in the very same place, as deep as is cut.
    const force = (repulsion * mass * (cells.mass[cell] as number)) / square;
    fx += dx * force;
    fy += dy * force;
  }
  out[0] = fx;
  out[1] = fy;
}

/** Golden angle: places on a spiral that is even everywhere. */
const goldenAngle = Math.PI * (3 - Math.sqrt(5));

export class NetworkLayout {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly #shape: NetworkShape;
  readonly #mass: Float32Array;
  readonly #moveX: Float64Array;
  readonly #moveY: Float64Array;
  readonly #cells: Quarters;

  constructor(shape: NetworkShape) {
    const { nodes, from, to } = shape;
    this.#shape = shape;
    this.x = new Float32Array(nodes);
    this.y = new Float32Array(nodes);
    this.#moveX = new Float64Array(nodes);
    this.#moveY = new Float64Array(nodes);
    this.#cells = new Quarters(nodes);
    this.#mass = new Float32Array(nodes).fill(1);
    for (const ends of [from, to])
      for (const end of ends) this.#mass[end] = Math.min(40, (this.#mass[end] as number) + 0.5);
    for (let node = 0; node < nodes; node += 1) {
      const radius = 6 * Math.sqrt(node + 0.5);
      this.x[node] = radius * Math.cos(node * goldenAngle);
      this.y[node] = radius * Math.sin(node * goldenAngle);
    }
  }

  /**
   * One step: every node pushes every other (Barnes and Hut, Nature 324, 1986), ties pull, the middle holds together
   * (after Jacomy et al., ForceAtlas2, 2014); nobody goes farther than `reach`. Time O(nodes · log nodes + ties).
   */
  step(reach: number): void {
    const { nodes, from, to } = this.#shape;
    const { x, y } = this;
    const [mass, moveX, moveY] = [this.#mass, this.#moveX, this.#moveY];
    this.#cells.build(x, y, mass);
    const force = new Float64Array(2);
    for (let node = 0; node < nodes; node += 1) {
      const own = mass[node] as number;
      push(this.#cells, node, x, y, own, force);
      const far = Math.max(1, Math.hypot(x[node] as number, y[node] as number));
      moveX[node] = (force[0] as number) - (gravity * own * (x[node] as number)) / Math.sqrt(far);
      moveY[node] = (force[1] as number) - (gravity * own * (y[node] as number)) / Math.sqrt(far);
    }
    for (let tie = 0; tie < from.length; tie += 1) {
      const [a, b] = [from[tie] as number, to[tie] as number];
      const [dx, dy] = [(x[b] as number) - (x[a] as number), (y[b] as number) - (y[a] as number)];
      moveX[a] = (moveX[a] as number) + dx;
      moveY[a] = (moveY[a] as number) + dy;
      moveX[b] = (moveX[b] as number) - dx;
      moveY[b] = (moveY[b] as number) - dy;
    }
    for (let node = 0; node < nodes; node += 1) {
      const [fx, fy] = [
        (moveX[node] as number) / (mass[node] as number),
        (moveY[node] as number) / (mass[node] as number),
      ];
      const long = Math.hypot(fx, fy);
      const by = long === 0 ? 0 : Math.min(reach, long * 0.1) / long;
      x[node] = (x[node] as number) + fx * by;
      y[node] = (y[node] as number) + fy * by;
    }
  }
}

/** Steps that a network of so many nodes is given: fewer for large ones, which a few seconds must do. */
export const stepsFor = (nodes: number): number =>
  Math.max(60, Math.min(300, Math.round(600_000 / Math.max(1, nodes))));

/** How far a node may go in a step: far at first, hardly at the end. */
export const reachAt = (step: number, steps: number): number => 0.2 + 30 * (1 - step / steps) ** 2;
