/**
 * A gateway in memory, for tests of applications in Node or in a page:
 *
 * ```ts
 * import { TestGateway } from "bifrons/testing";
 *
 * const gateway = await TestGateway.start();
 * const client = await gateway.dial();
 * // what the application does with a client
 * await gateway.close();
 * ```
 *
 * @module
 */
export { type Direction, type Fault, type FaultKind } from "./gen/janustest.js";
export { TestGateway, type Address, type RecordedRequest, type TestGatewayOptions } from "./testing/gateway.js";
export type { PluginAnswer, PluginFunction, PluginMessage, PluginRefusal } from "./testing/plugin.js";
