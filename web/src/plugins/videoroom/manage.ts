import type * as gen from "../../gen/videoroom.js";
import { Handle, type Attached } from "../../handle.js";
import type { CallOptions } from "../../runtime.js";
import type { Session } from "../../session.js";
import type { ID } from "../../types.js";
import { typed, type VideoRoomEvent } from "./events.js";

/** Settings of {@link RoomHandle.list}. */
export interface ListOptions extends CallOptions {
  /** The `admin_key` of the plugin's configuration: with it private rooms are in the list. */
  adminKey?: string;
}

/**
 * What every handle of the plugin can do, whatever its role: manage rooms and who
 * is in them. It needs no membership, but the secret of the room, if it has one.
 *
 * A refusal is a `JanusError` of kind "plugin", whose code is one of `Codes`.
 */
export abstract class RoomHandle extends Handle<VideoRoomEvent> {
  readonly #origin: RoomHandle | undefined;

  /** @internal */
  constructor(session: Session, attached: Attached, origin?: RoomHandle) {
    super(session, attached);
    this.#origin = origin;
  }

  /** @internal */
  protected override async pull(options?: CallOptions): Promise<VideoRoomEvent> {
    return typed(await super.pull(options));
  }

  /** What needs no negotiation goes to the plugin as it is, and so does the answer come back. */
  async #ask<T>(request: string, body: object, options?: CallOptions): Promise<T> {
    return (await this.request<T>({ ...body, request }, options)).data;
  }

  /** Makes a room. Without an id the gateway chooses one; one that is there gives `Codes.ErrRoomExists`. */
  create(request: gen.CreateRequest = {}, options?: CallOptions): Promise<gen.RoomReply> {
    return this.#ask("create", request, options);
  }

  /** Changes a room; what is left out stays as it is. */
  edit(request: gen.EditRequest, options?: CallOptions): Promise<gen.RoomReply> {
    return this.#ask("edit", request, options);
  }

  /** Removes a room. Everybody in it gets "videoroom.destroyed". */
  destroy(request: gen.DestroyRequest, options?: CallOptions): Promise<gen.RoomReply> {
    return this.#ask("destroy", request, options);
  }

  /** Lists the rooms. */
  async list(options: ListOptions = {}): Promise<gen.RoomInfo[]> {
    const { adminKey, ...call } = options;
    return (await this.#ask<{ list: gen.RoomInfo[] }>("list", { admin_key: adminKey }, call)).list;
  }

  /** Whether there is such a room, private or not. */
  async exists(room: ID, options?: CallOptions): Promise<boolean> {
    return (await this.#ask<{ exists: boolean }>("exists", { room }, options)).exists;
  }

  /** Lists who is in a room, whether they publish or not. */
  async participants(room: ID, options?: CallOptions): Promise<gen.Participant[]> {
    return (await this.#ask<{ participants: gen.Participant[] }>("listparticipants", { room }, options)).participants;
  }

  /** Changes which tokens may join a room, and returns those that may from then on; Janus returns none after "disable". */
  async allowed(request: gen.AllowedRequest, options?: CallOptions): Promise<string[]> {
    return (await this.#ask<{ allowed?: string[] }>("allowed", request, options)).allowed ?? [];
  }

  /** Removes somebody from a room, who may join again. Everybody else in it gets "videoroom.kicked". */
  async kick(request: gen.KickRequest, options?: CallOptions): Promise<void> {
    await this.#ask("kick", request, options);
  }

  /** Has the gateway relay nothing of one m-line of a publisher, or relay it again. Everybody gets "videoroom.moderated". */
  async moderate(request: gen.ModerateRequest, options?: CallOptions): Promise<void> {
    await this.#ask("moderate", request, options);
  }

  /** Turns the recording of everybody in a room on or off. */
  async enableRecording(request: gen.RecordRequest, options?: CallOptions): Promise<void> {
    await this.#ask("enable_recording", request, options);
  }

  /** Sends what somebody publishes to an address, as plain RTP or as SRTP, and returns the streams on their way. */
  async rtpForward(request: gen.ForwardRequest, options?: CallOptions): Promise<gen.Forwarder[]> {
    return (await this.#ask<{ forwarders: gen.Forwarder[] }>("rtp_forward", request, options)).forwarders;
  }

  /** Ends one stream that is forwarded. */
  async stopRtpForward(request: gen.StopForwardRequest, options?: CallOptions): Promise<void> {
    await this.#ask("stop_rtp_forward", request, options);
  }

  /** Lists what of a room is forwarded, publisher by publisher. */
  async forwarders(request: gen.ListForwardersRequest, options?: CallOptions): Promise<gen.ForwardedFeed[]> {
    return (await this.#ask<{ publishers: gen.ForwardedFeed[] }>("listforwarders", request, options)).publishers;
  }

  /**
   * Adds a publisher whose media comes from another gateway, and returns where
   * this one waits for it. This and what follows wants Janus 1.1.0; one before
   * refuses it with `Codes.ErrInvalidRequest`.
   */
  addRemotePublisher(request: gen.AddRemoteRequest, options?: CallOptions): Promise<gen.RemoteReply> {
    return this.#ask("add_remote_publisher", request, options);
  }

  /** Changes a remote publisher. */
  async updateRemotePublisher(request: gen.UpdateRemoteRequest, options?: CallOptions): Promise<void> {
    await this.#ask("update_remote_publisher", request, options);
  }

  /** Removes a remote publisher. */
  async removeRemotePublisher(request: gen.RemoveRemoteRequest, options?: CallOptions): Promise<void> {
    await this.#ask("remove_remote_publisher", request, options);
  }

  /** Sends what somebody publishes here to another gateway, which has it as a remote publisher. */
  async publishRemotely(request: gen.PublishRemotelyRequest, options?: CallOptions): Promise<void> {
    await this.#ask("publish_remotely", request, options);
  }

  /** Stops sending a feed to another gateway. */
  async unpublishRemotely(request: gen.UnpublishRemotelyRequest, options?: CallOptions): Promise<void> {
    await this.#ask("unpublish_remotely", request, options);
  }

  /** Lists the gateways that get a feed. */
  async remotes(request: gen.ListRemotesRequest, options?: CallOptions): Promise<gen.Remote[]> {
    return (await this.#ask<{ list: gen.Remote[] }>("listremotes", request, options)).list;
  }

  override async detach(options?: CallOptions): Promise<void> {
    await super.detach(options);
    if (this.#origin) this.runtime.drop(this.#origin);
  }
}
