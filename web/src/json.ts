/**
 * JSON whose whole numbers keep all their digits: what JavaScript's numbers
 * cannot hold is a bigint. Ids of rooms and feeds may have 64 bits.
 */

/** @internal */
export function stringify(value: object): string {
  const large: string[] = [];
  const text = JSON.stringify(value, (_, v: unknown) => {
    if (typeof v !== "bigint") return v;
    large.push(v.toString());
    return `\u0000${large.length - 1}\u0000`;
  });
  return large.length === 0 ? text : text.replace(/"\\u0000(\d+)\\u0000"/g, (_, i: string) => large[Number(i)]!);
}

/** @internal */
export function parse(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, function (_, v: unknown, context?: { source?: string }) {
    if (typeof v !== "number" || Number.isSafeInteger(v)) return v;
    return context?.source && /^-?\d+$/.test(context.source) ? BigInt(context.source) : v;
  } as (key: string, value: unknown) => unknown);
}
