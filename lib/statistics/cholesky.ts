/**
 * Inverts a small symmetric positive definite matrix in place by Cholesky's factors.
 *
 * @param matrix row by row; only its lower triangle is read.
 * @param size number of rows.
 * @returns false where it is not positive definite, or so nearly not that its inverse would hold no digits.
 * @see Golub & Van Loan (2013), Matrix Computations, 4.2
 * @example
 * invertInPlace(Float64Array.of(4), 1); // => true
 */
export function invertInPlace(matrix: Float64Array, size: number): boolean {
  if (size === 1) {
    if (!(matrix[0]! > 0)) return false;
    matrix[0] = 1 / matrix[0]!;
    return true;
  }
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      if (i !== j) factor[i * size + j] = sum / factor[j * size + j]!;
      else if (sum > matrix[i * size + i]! * 1e-12) factor[i * size + i] = Math.sqrt(sum);
      else return false;
    }
  }
  for (let column = 0; column < size; column++) {
    for (let i = 0; i < size; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * matrix[k * size + column]!;
      matrix[i * size + column] = sum / factor[i * size + i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = matrix[i * size + column]!;
      for (let k = i + 1; k < size; k++) sum -= factor[k * size + i]! * matrix[k * size + column]!;
      matrix[i * size + column] = sum / factor[i * size + i]!;
    }
  }
  return true;
}
