import type { Limits, Role } from "../../config/config.ts";
import { be, plural } from "../../messages/text.ts";
import { type Reason, type ReasonCode, reason } from "../../reasons.ts";
import { type Cost, type RunCost, reservedUsd } from "./cost.ts";

/** What a limit counts before a dispatch. */
export interface Spending {
  readonly used: Cost;
  /** What runs that are under way are expected to take. */
  readonly reserved: RunCost;
  /** What this dispatch is expected to take. */
  readonly expected: RunCost;
}

interface Bounds {
  readonly minutes: number | undefined;
  readonly usd: number | undefined;
}

/** Why the week's limits leave no room for a dispatch. */
export function admitWeek(limits: Limits, spending: Spending): readonly Reason[] {
  const { minutesPerWeek: minutes, usdPerWeek: usd } = limits;
  const what = { of: "this week", keys: { minutes: "limits.minutesPerWeek", usd: "limits.usdPerWeek" } };
  return exceeded({ minutes, usd }, spending, what).map(({ unit, message, more }) =>
    reason(WEEK_CODES[unit], message, more),
  );
}

const WEEK_CODES: Readonly<Record<keyof Cost, ReasonCode>> = { minutes: "limit.minutes", usd: "limit.usd" };

/** Why the week's limits of a role leave no room for a dispatch. */
export function admitRole(role: Role, spending: Spending): readonly Reason[] {
  const { name, minutesPerWeek: minutes, usdPerWeek: usd } = role;
  const keys = { minutes: `roles.${name}.minutesPerWeek`, usd: `roles.${name}.usdPerWeek` };
  return exceeded({ minutes, usd }, spending, { of: `this week of role \`${name}\``, keys }).map(
    ({ message, more }) => reason("limit.role", message, more),
  );
}

/** Why a dispatch would take a task beyond what one task may cost. */
export function admitTask(limits: Limits, spending: Spending): readonly Reason[] {
  const { minutesPerTask: minutes, usdPerTask: usd } = limits;
  const what = { of: "this task", keys: { minutes: "limits.minutesPerTask", usd: "limits.usdPerTask" } };
  return exceeded({ minutes, usd }, spending, what).map(({ message, more }) =>
    reason("limit.task", message, more),
  );
}

interface What {
  readonly of: string;
  readonly keys: Readonly<Record<keyof Cost, string>>;
}

interface Excess {
  readonly unit: keyof Cost;
  readonly message: string;
  readonly more: { readonly liftedBy?: string };
}

function exceeded(bounds: Bounds, spending: Spending, what: What): readonly Excess[] {
  return (["minutes", "usd"] as const).flatMap((unit) => {
    const limit = bounds[unit];
    if (limit === undefined) return [];
    const amounts = amountsOf(unit, spending, limit);
    const { used, reserved, expected, isFull } = amounts;
    if (!isFull && used + reserved + expected <= limit) return [];
    return [describeExcess(amounts, what)];
  });
}

interface Amounts {
  readonly unit: keyof Cost;
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
  readonly expected: number;
  /** A run without a known price has what is left. */
  readonly isUnpriced: boolean;
  readonly isFull: boolean;
}

function amountsOf(unit: keyof Cost, spending: Spending, limit: number): Amounts {
  const used = spending.used[unit];
  const known = spending.reserved[unit];
  const reserved = known ?? reservedUsd(spending.reserved, used, limit);
  const isUnpriced = known === undefined && used < limit;
  const isFull = isUnpriced || used + reserved >= limit;
  return { unit, limit, used, reserved, expected: spending.expected[unit] ?? 0, isUnpriced, isFull };
}

function describeExcess(amounts: Amounts, { of, keys }: What): Excess {
  const { unit, limit, used, reserved, expected, isUnpriced, isFull } = amounts;
  const show = SHOWN[unit];
  const total = unit === "usd" ? `$${limit}` : plural(limit, "minute");
  const because = isUnpriced ? ", because the price of a run is not known" : "";
  const parts = [
    `${AMOUNTS[unit](used)} of ${total} of ${of} ${beOf(unit, used)} spent`,
    ...(reserved > 0
      ? [`${show(reserved)} ${beOf(unit, reserved)} reserved for what is running${because}`]
      : []),
    ...(isFull ? [] : [`the next run is expected to take ${show(expected)}`]),
  ];
  const message = `${parts.join(", ")} (\`${keys[unit]}\`).`;
  return { unit, message, more: isUnpriced ? { liftedBy: untilPriced(keys.usd) } : {} };
}

/** What lets runs go side by side whose price nobody knows. */
function untilPriced(key: string): string {
  return `the end of what is running; several at once need workers that report \`usage.usd\`, or no \`${key}\``;
}

type Show = Readonly<Record<keyof Cost, (value: number) => string>>;

const AMOUNTS: Show = {
  minutes: (value) => `${Math.round(value)}`,
  usd: (value) => `$${value.toFixed(2)}`,
};
const SHOWN: Show = { minutes: (value) => plural(Math.round(value), "minute"), usd: AMOUNTS.usd };

/** Money is never just one. */
function beOf(unit: keyof Cost, value: number): string {
  return unit === "usd" ? "are" : be(Math.round(value));
}
