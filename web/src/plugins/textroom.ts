/**
 * Text rooms, whose members talk over data channels: a {@link TextRoom} manages
 * rooms and makes a {@link Chat}, which is in them.
 *
 * https://janus.conf.meetecho.com/docs/textroom.html
 *
 * @module
 */
export { Codes } from "../gen/textroom.js";
export type {
  Action,
  AllowedRequest,
  Announcement,
  AnnouncementRequest,
  CreateRequest,
  Destroyed,
  DestroyRequest,
  EditRequest,
  Joined,
  JoinRequest,
  Kicked,
  KickRequest,
  Left,
  Message,
  MessageRequest,
  Participant,
  Result,
  Room,
  Sent,
} from "../gen/textroom.js";
export type { Ghost, Lost, Refused, Rejoined, Resynced, TextRoomEvent } from "./textroom/events.js";
export { Chat } from "./textroom/chat.js";
export { TextRoom, type OpenOptions } from "./textroom/handle.js";
export { Rooms } from "./textroom/rooms.js";
