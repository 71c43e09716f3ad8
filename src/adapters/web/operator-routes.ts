import type { Context, Hono } from "hono";
import type { Operation } from "../../ports/operation.ts";
import { isSameToken } from "./is-same-token.ts";
import { renderRepositories, renderRepository } from "./operator-page.ts";

export interface OperatorOptions {
  readonly operation: Operation;
  readonly token: string;
  readonly product: string;
  readonly now: () => number;
}

/** The operator's pages about repositories; each asks for the token, and is there as JSON as well. */
export function addOperatorRoutes(app: Hono, { operation, token, product, now }: OperatorOptions): void {
  const guarded = (answer: (context: Context) => Promise<Response>) => async (context: Context) =>
    isOperator(context, token) ? answer(context) : refuse(context, product);
  const findRepository = (context: Context) => {
    const { owner = "", name = "" } = context.req.param();
    return operation.repository(owner, name);
  };
  app.get(
    "/operator",
    guarded(async (context) =>
      context.html(renderRepositories({ product, repositories: await operation.repositories() })),
    ),
  );
  app.get(
    "/operator.json",
    guarded(async (context) => context.json({ repositories: await operation.repositories() })),
  );
  app.get(
    "/operator/:owner/:name",
    guarded(async (context) => {
      const found = await findRepository(context);
      return found === null
        ? context.json(UNKNOWN, 404)
        : context.html(renderRepository({ product, found, now: now() }));
    }),
  );
  app.get(
    "/operator.json/:owner/:name",
    guarded(async (context) => {
      const found = await findRepository(context);
      return found === null ? context.json(UNKNOWN, 404) : context.json(found);
    }),
  );
}

const UNKNOWN = { error: "not found" };

function refuse(context: Context, product: string): Response {
  return context.json({ error: "unauthorized" }, 401, { "www-authenticate": `Basic realm="${product}"` });
}

/** As a bearer token for programs, or as the password of whatever name for browsers. */
function isOperator(context: Context, token: string): boolean {
  const header = context.req.header("authorization") ?? "";
  const bearer = /^Bearer (.+)$/iu.exec(header)?.[1];
  return isSameToken(bearer ?? passwordIn(header), token);
}

function passwordIn(header: string): string {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/iu.exec(header)?.[1] ?? "";
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  return pair.slice(pair.indexOf(":") + 1);
}
