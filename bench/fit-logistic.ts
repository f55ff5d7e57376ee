/** Logistic regression by Newton steps with a ridge: y ~ σ(intercept + Σ weight·x), columns as they come. */
export interface Logistic {
  readonly weights: readonly number[];
  readonly intercept: number;
}

function solve(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  for (let pivot = 0; pivot < size; pivot += 1) {
    let best = pivot;
    for (let row = pivot + 1; row < size; row += 1)
      if (Math.abs(matrix[row]![pivot]!) > Math.abs(matrix[best]![pivot]!)) best = row;
    [matrix[pivot], matrix[best]] = [matrix[best]!, matrix[pivot]!];
    [right[pivot], right[best]] = [right[best]!, right[pivot]!];
    for (let row = pivot + 1; row < size; row += 1) {
      const factor = matrix[row]![pivot]! / matrix[pivot]![pivot]!;
      for (let column = pivot; column < size; column += 1) matrix[row]![column]! -= factor * matrix[pivot]![column]!;
      right[row]! -= factor * right[pivot]!;
    }
  }
  const answer = Array.from({ length: size }, () => 0);
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = right[row]!;
    for (let column = row + 1; column < size; column += 1) sum -= matrix[row]![column]! * answer[column]!;
    answer[row] = sum / matrix[row]![row]!;
  }
  return answer;
}

/** `rows` of equal length; `labels` 0 or 1; `ridge` keeps weights finite where the classes part cleanly. */
export function fitLogistic(rows: readonly Float64Array[], labels: readonly number[], ridge: number): Logistic {
  const size = (rows[0]?.length ?? 0) + 1;
  let weights = Array.from({ length: size }, () => 0);
  for (let step = 0; step < 25; step += 1) {
    const gradient = weights.map((weight, index) => (index === 0 ? 0 : -ridge * weight));
    const curvature = weights.map((_, row) =>
      weights.map((__, column) => (row === column ? (row === 0 ? 1e-9 : ridge) : 0)),
    );
    rows.forEach((row, index) => {
      const at = (place: number): number => (place === 0 ? 1 : row[place - 1]!);
      let sum = 0;
      for (let place = 0; place < size; place += 1) sum += weights[place]! * at(place);
      const chance = 1 / (1 + Math.exp(-sum));
      const weight = chance * (1 - chance);
      for (let a = 0; a < size; a += 1) {
        gradient[a]! += (labels[index]! - chance) * at(a);
        for (let b = 0; b < size; b += 1) curvature[a]![b]! += weight * at(a) * at(b);
      }
    });
    const move = solve(curvature, gradient);
    weights = weights.map((weight, index) => weight + move[index]!);
    if (Math.max(...move.map(Math.abs)) < 1e-8) break;
  }
  return { weights: weights.slice(1), intercept: weights[0]! };
}
