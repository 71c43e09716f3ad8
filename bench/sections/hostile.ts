import type { Section } from "../figure.ts";
export const hostile: Section = { name: "hostile", title: "6", measure: async () => ({ figures: [] }) };
