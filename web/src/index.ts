/**
 * A Janus WebRTC client for web pages.
 *
 * ```ts
 * import { init, EchoTest } from "bifrons";
 *
 * const bifrons = await init();
 * const client = await bifrons.dial("wss://janus.example.org/");
 * const session = await client.newSession();
 * const echo = await session.attach(EchoTest);
 * ```
 *
 * @module
 */
export { init, type InitOptions } from "./init.js";
export { Bifrons, type RecordOptions } from "./bifrons.js";
export { Client, type ClientState, type Credentials, type DialOptions } from "./client.js";
export { Session, type AttachOptions, type Plugin } from "./session.js";
export { Handle, type RequestOptions, type Response } from "./handle.js";
export { EchoTest } from "./plugins/echotest.js";
export { Chat, TextRoom } from "./plugins/textroom.js";
export { VideoCall } from "./plugins/videocall.js";
export { Publisher, Room, Subscriber, VideoRoom } from "./plugins/videoroom.js";
export { Adaptation, LayerAdaptation, type SetLayer } from "./adaptation.js";
export type { Layer, ReceiveOptions as AdaptReceivedOptions, SendOptions as AdaptSentOptions } from "./gen/adapt.js";
export { Peer, type PeerOptions, type Stats } from "./peer.js";
export { Sender } from "./sender.js";
export { Track } from "./track.js";
export { DataChannel } from "./channel.js";
export { Source, resolutions, type Captured, type DeviceRequest, type DisplayRequest } from "./source.js";
export { ElementSink, Recorder, Sink } from "./sink.js";
export { JanusError, type ErrorFields, type ErrorKind } from "./errors.js";
export type * from "./events.js";
export type { CallOptions } from "./runtime.js";
export type { Usage } from "./usage.js";
export * from "./types.js";
