import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calibrationError, logLoss, stabilityIndex } from "./calibration.ts";

const error = (chances: readonly number[], labels: readonly number[], bins: number): number =>
  calibrationError(Float64Array.from(chances), Uint8Array.from(labels), bins, new Uint32Array(chances.length));

describe("logLoss", () => {
  it("is ln 2 for a coin, nearly 0 for a sure and right guess, finite for a sure and wrong one", () => {
    expect(logLoss(Float64Array.of(0.5, 0.5), Uint8Array.of(0, 1))).toBeCloseTo(Math.LN2, 12);
    expect(logLoss(Float64Array.of(0.8, 0.1), Uint8Array.of(1, 0))).toBeCloseTo(
      -(Math.log(0.8) + Math.log(0.9)) / 2,
      12,
    );
    expect(logLoss(Float64Array.of(1), Uint8Array.of(1))).toBeLessThan(1e-12);
    expect(logLoss(Float64Array.of(0), Uint8Array.of(1))).toBeCloseTo(-Math.log(1e-15), 6);
  });
});

describe("calibrationError", () => {
  it("by hand: two bins of two", () => {
    expect(error([0.9, 0.1, 0.3, 0.7], [1, 0, 1, 1], 2)).toBeCloseTo((Math.abs(0.2 - 0.5) + Math.abs(0.8 - 1)) / 2, 12);
  });

  it("is the gap of the means with one bin, and never less than that with more", () => {
    const rows = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1)), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 8 }), (pairs, bins) => {
        const chances = pairs.map(([chance]) => chance);
        const labels = pairs.map(([, label]) => label);
        const gap = pairs.reduce((sum, [chance, label]) => sum + chance - label, 0) / pairs.length;
        expect(error(chances, labels, 1)).toBeCloseTo(Math.abs(gap), 9);
        expect(error(chances, labels, bins)).toBeGreaterThanOrEqual(Math.abs(gap) - 1e-9);
        expect(error(chances, labels, bins)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("stabilityIndex", () => {
  it("is 0 for like histograms, symmetric, finite with empty bins, as by hand", () => {
    const [old, now] = [Float64Array.of(49.5, 49.5), Float64Array.of(24.5, 74.5)];
    expect(stabilityIndex(old, Float64Array.of(99.5, 99.5))).toBeCloseTo(0, 12);
    expect(stabilityIndex(old, now)).toBeCloseTo(-0.25 * Math.log(0.25 / 0.5) + 0.25 * Math.log(0.75 / 0.5), 12);
    expect(stabilityIndex(old, now)).toBeCloseTo(stabilityIndex(now, old), 12);
    expect(stabilityIndex(Float64Array.of(10, 0), Float64Array.of(0, 10))).toBeGreaterThan(1);
  });
});
