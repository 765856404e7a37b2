import { describe, expect, it } from "vitest";

import { catalogue } from "../../text/catalogue.ts";
import { sampleAnalysis } from "./sample_data.ts";
import { giveOrTake, isClearlyApart, isMostlyOtherLanguage, largestShare, verdict } from "./verdict.ts";

const words = catalogue("en");
const share = (at: number | null) => ({ share: at, low: null, high: null });

it.each([
  [{ mean: -0.7, low: -0.75, high: -0.65 }, 0.1, "verdictVeryNegative"],
  [{ mean: 0.15, low: 0.1, high: 0.2 }, 0.3, "verdictSlightlyPositive"],
  [{ mean: 0.02, low: -0.03, high: 0.07 }, 0.7, "verdictNeutral"],
  [{ mean: 0.02, low: -0.03, high: 0.07 }, 0.2, "verdictMixed"],
  [{ mean: 0.02, low: -1, high: 1 }, 1, "verdictUnclear"],
  [{ mean: -0.05, low: -0.3, high: 0.2 }, 0.2, "verdictUnclear"],
  [{ mean: 0.05, low: -0.2, high: 0.3 }, 0.2, "verdictUnclear"],
  [{ mean: 0.02, low: null, high: null }, 0.7, "verdictNeutral"],
  [{ mean: 0.4, low: -0.2, high: 1 }, 0, "verdictPerhapsPositive"],
])("calls %j with %f neutral %s", (score, neutral, key) => {
  expect(verdict(score, share(neutral))).toBe(key);
});

describe("giveOrTake", () => {
  it("says the wider side of the interval in points", () => {
    expect(giveOrTake({ share: 0.62, low: 0.6, high: 0.65 }, words)).toBe("give or take 3");
  });

  it("does not call a small uncertainty none", () => {
    expect(giveOrTake({ share: 0.62, low: 0.619, high: 0.621 }, words)).toBe("give or take less than 1");
  });

  it("says that an interval is not known", () => {
    expect(giveOrTake(share(0.62), words)).toBe("how certain is not known");
  });
});

it("says the largest share in a sentence", () => {
  expect(largestShare(sampleAnalysis(), words)).toBe(
    "51% of those read are positive, give or take 4.",
  );
});

it("knows a video that is mostly in other languages", () => {
  const excluded = { empty: 0, not_english: 251 };
  expect(isMostlyOtherLanguage(sampleAnalysis({ excluded }))).toBe(true);
  expect(isMostlyOtherLanguage(sampleAnalysis())).toBe(false);
});

it("tells scores apart only where their intervals do not touch", () => {
  const score = (low: number | null, high: number | null) => ({ mean: 0, low, high });
  expect(isClearlyApart(score(0.1, 0.2), score(0.3, 0.4))).toBe(true);
  expect(isClearlyApart(score(0.1, 0.3), score(0.2, 0.4))).toBe(false);
  expect(isClearlyApart(score(null, null), score(0.2, 0.4))).toBeNull();
});
