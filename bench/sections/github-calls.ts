import type { Section } from "../figure.ts";
export const githubCalls: Section = { name: "calls", title: "3", measure: async () => ({ figures: [] }) };
