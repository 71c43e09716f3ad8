import type { Limits, Role } from "../../config/config.ts";
import { be, plural } from "../../messages/text.ts";
import { type Reason, type ReasonCode, reason } from "../../reasons.ts";
import type { Cost } from "./cost.ts";

/** What a limit counts before a dispatch. */
export interface Spending {
  readonly used: Cost;
  /** What runs that are under way are expected to take. */
  readonly reserved: Cost;
  /** What this dispatch is expected to take. */
  readonly expected: Cost;
}

interface Bounds {
  readonly minutes: number | undefined;
  readonly usd: number | undefined;
}

/** Why the week's limits leave no room for a dispatch. */
export function admitWeek(limits: Limits, spending: Spending): readonly Reason[] {
  const { minutesPerWeek: minutes, usdPerWeek: usd } = limits;
  const what = { of: "this week", keys: { minutes: "limits.minutesPerWeek", usd: "limits.usdPerWeek" } };
  return exceeded({ minutes, usd }, spending, what).map(({ unit, message }) =>
    reason(WEEK_CODES[unit], message),
  );
}

const WEEK_CODES: Readonly<Record<keyof Cost, ReasonCode>> = { minutes: "limit.minutes", usd: "limit.usd" };

/** Why the week's limits of a role leave no room for a dispatch. */
export function admitRole(role: Role, spending: Spending): readonly Reason[] {
  const { name, minutesPerWeek: minutes, usdPerWeek: usd } = role;
  const keys = { minutes: `roles.${name}.minutesPerWeek`, usd: `roles.${name}.usdPerWeek` };
  return exceeded({ minutes, usd }, spending, { of: `this week of role \`${name}\``, keys }).map(
    ({ message }) => reason("limit.role", message),
  );
}

/** Why a dispatch would take a task beyond what one task may cost. */
export function admitTask(limits: Limits, spending: Spending): readonly Reason[] {
  const { minutesPerTask: minutes, usdPerTask: usd } = limits;
  const what = { of: "this task", keys: { minutes: "limits.minutesPerTask", usd: "limits.usdPerTask" } };
  return exceeded({ minutes, usd }, spending, what).map(({ message }) => reason("limit.task", message));
}

interface What {
  readonly of: string;
  readonly keys: Readonly<Record<keyof Cost, string>>;
}

function exceeded(
  bounds: Bounds,
  spending: Spending,
  { of, keys }: What,
): readonly { readonly unit: keyof Cost; readonly message: string }[] {
  return (["minutes", "usd"] as const).flatMap((unit) => {
    const limit = bounds[unit];
    const [used, reserved, expected] = [
      spending.used[unit],
      spending.reserved[unit],
      spending.expected[unit],
    ];
    const taken = used + reserved;
    if (limit === undefined || (taken < limit && taken + expected <= limit)) return [];
    const show = SHOWN[unit];
    const total = unit === "usd" ? `$${limit}` : plural(limit, "minute");
    const parts = [
      `${AMOUNTS[unit](used)} of ${total} of ${of} ${beOf(unit, used)} spent`,
      ...(reserved > 0 ? [`${show(reserved)} ${beOf(unit, reserved)} reserved for what is running`] : []),
      ...(taken < limit ? [`the next run is expected to take ${show(expected)}`] : []),
    ];
    return [{ unit, message: `${parts.join(", ")} (\`${keys[unit]}\`).` }];
  });
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
