// janode, a client for Node, which has no media: for the parts of scripts that need none.
import { register } from "node:module";

// Its Unix sockets need a library that a compiler has to make; nothing here uses them.
const without = `export const resolve = (name, context, next) => name === "unix-dgram"
  ? { url: "data:text/javascript,export const createSocket = undefined", shortCircuit: true }
  : next(name, context)`;
register(`data:text/javascript,${encodeURIComponent(without)}`);

const { default: Janode } = await import("janode");
const { default: EchoTest } = await import("janode/plugins/echotest");
const { default: VideoRoom } = await import("janode/plugins/videoroom");
Janode.Logger.setLevel("none");

/** Returns what a script can do with it, by the names that pages have. */
export function janode(url, token) {
  let connection, session, handle, self;
  const gone = [];
  const app = {
    gone: () => gone,
    self: () => self,
    session: () => session.id,
    connect: async () => {
      connection = await Janode.connect({ address: { url, token }, max_retries: 0 });
      session = await connection.create(10); // seconds between keepalives, for sessions of 30
    },
    attach: async (plugin) => {
      handle = await session.attach([EchoTest, VideoRoom].find(({ id }) => id === plugin));
      handle.on(VideoRoom.EVENT.VIDEOROOM_LEAVING, ({ feed }) => gone.push(feed));
    },
    echo: () => handle.message({ audio: true, video: true }), // its own method wants an offer
    configure: (settings) => (handle.configure ? handle.configure(settings) : handle.message(settings)),
    join: async (display, room = 1234) => ({ feed: self } = await handle.joinPublisher({ room, display })),
    watch: async (room) => {
      await app.attach(VideoRoom.id);
      await app.join("watcher", room);
    },
    leave: () => handle.leave(),
    detach: () => handle.detach(),
    destroy: () => session.destroy(),
    close: () => void connection?.close().catch(() => {}), // it may be gone
  };
  return app;
}
