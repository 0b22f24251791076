// What comes about in its own time.
import assert from "node:assert/strict";

/** assert's functions for what a page comes to show: `look` is called until it is so, for half a minute at most. */
export const soon = Object.fromEntries(
  ["equal", "deepEqual", "match", "doesNotMatch", "ok"].map((name) => [
    name,
    async (look, ...expected) => {
      for (const end = performance.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
        const seen = await look();
        try {
          return assert[name](seen, ...expected);
        } catch (error) {
          if (performance.now() > end) throw error;
        }
      }
    },
  ]),
);
