import type { Login } from "./shell/bar.js";

/** What Go programs do with an error, one tab deep. */
export const failed = "if err != nil {\n\t\treturn err\n\t}";

/** Writes a number as Go and TypeScript both take it, such as 512_000. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "_");
}

/** A JSON string is a string of both languages. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** The options of client.Dial in Go. The secrets themselves stay out of it: see goCredentials. */
export function goOptions({ token, apiSecret }: Login): string {
  return token || apiSecret ? "&client.Options{Credentials: credentials}" : "nil";
}

/** The end of a Go program, where its credentials are. */
export function goCredentials({ token, apiSecret }: Login): string {
  if (!token && !apiSecret) return "";
  const fields = [...(token ? ["Token: token"] : []), ...(apiSecret ? ["APISecret: secret"] : [])];
  const constants = [...(token ? ['const token = "…"'] : []), ...(apiSecret ? ['const secret = "…"'] : [])];
  return `
${constants.join("\n")}

func credentials(context.Context) (client.Credentials, error) {
	return client.Credentials{${fields.join(", ")}}, nil
}
`;
}

/** What `dial` gets beside the address in TypeScript. */
export function typescriptOptions({ token, apiSecret }: Login): string {
  const fields = [...(token ? ['token: "…"'] : []), ...(apiSecret ? ['apiSecret: "…"'] : [])];
  return fields.length > 0 ? `, { credentials: { ${fields.join(", ")} } }` : "";
}
