/**
 * Video rooms, in which everybody can send, and everybody chooses what to
 * receive: a {@link Room} for being in one, a {@link VideoRoom} for everything the
 * plugin can do.
 *
 * https://janus.conf.meetecho.com/docs/videoroom.html
 *
 * @module
 */
export { Codes } from "../gen/videoroom.js";
export type {
  Action,
  AddRemoteRequest,
  AllowedRequest,
  Attendee,
  Changed,
  ConfigureStream,
  CreateRequest,
  Destroyed,
  DestroyRequest,
  DummyStream,
  EditRequest,
  ForwardedFeed,
  Forwarder,
  ForwardRequest,
  ForwardStream,
  Ghost,
  Joined,
  JoinRequest,
  Kicked,
  KickRequest,
  LayerChanged,
  ListForwardersRequest,
  ListRemotesRequest,
  Moderated,
  ModerateRequest,
  Participant,
  PlayoutDelay,
  PublishRemotelyRequest,
  PublishReply,
  PublishRequest,
  PublishStream,
  RecordRequest,
  Relay,
  Remote,
  RemoteReply,
  RemoteStream,
  RemoveRemoteRequest,
  Resynced,
  RoomInfo,
  RoomReply,
  SimulcastLayers,
  SlowLink,
  StopForwardRequest,
  Stream,
  StreamDescription,
  SubscribeRequest,
  SubscriberStream,
  Subscription,
  SVCLayers,
  SwitchStream,
  Talking,
  Unpublished,
  UnpublishRemotelyRequest,
  Unsubscription,
  Updated,
  UpdateRemoteRequest,
  Wanted,
} from "../gen/videoroom.js";
export type {
  Feed,
  JoinReply,
  Left,
  OfFeed,
  PublicationFailed,
  Published,
  Refused,
  RoomEvent,
  SubscriptionFailed,
  VideoRoomEvent,
} from "./videoroom/events.js";
export { RoomHandle, type ListOptions } from "./videoroom/manage.js";
export { VideoRoom } from "./videoroom/handle.js";
export { Publisher } from "./videoroom/publisher.js";
export { Subscriber } from "./videoroom/subscriber.js";
export { Room, type PublishOptions, type RoomOptions, type Sending } from "./videoroom/room.js";
