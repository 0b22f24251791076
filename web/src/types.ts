/** What crosses from the program as data: the types that bifrons-tsgen writes from the Go structs. */
export { Code } from "./gen/client.js";
export type { Candidate, Component, EventBase, ID, JSEP, ServerInfo, SVC } from "./gen/client.js";
export type {
  Codec,
  DataOptions,
  DeviceInfo,
  ICEServer,
  Kind,
  LayerBitrates,
  RecordStats,
  Resolution,
  SendOptions,
  SendParameters,
  State as PeerState,
  StreamStats,
} from "./gen/media.js";
