// What the types of bifrons/testing promise, and what they refuse. It is compiled, never run.
import { Client, EchoTest } from "bifrons";
import { TestGateway } from "bifrons/testing";

await using gateway = await TestGateway.start({ sessionTimeout: 100, tokens: { secret: [] }, signal: AbortSignal.timeout(1) });
const client: Client = await gateway.dial({ credentials: { token: "secret" } });
const session = await client.newSession();
const echo = await session.attach(EchoTest);

await gateway.plugin<{ room: number }>("org.example.roster", async ({ body, jsep, signal }) => {
  if (signal.aborted || !jsep) return;
  return { data: { room: body.room + 1 }, jsep, async: true };
});
// @ts-expect-error the plugin's part belongs into data
await gateway.plugin("org.example.roster", () => ({ room: 1 }));
await gateway.event(echo, { news: 1 });
await gateway.push(session, "timeout");
await gateway.event({ session: 1, handle: 2 }, {});
// @ts-expect-error a plugin speaks to a handle
await gateway.event(client, {});
// @ts-expect-error a misspelt setting
await TestGateway.start({ sesionTimeout: 1 });
// @ts-expect-error gateways are started
new TestGateway(client, 1);
