import { deviceId } from "../choice.js";
import { failed, goCredentials, goOptions, quote } from "../code.js";
import type { Login } from "../shell/bar.js";
import { goID, videoOf, type Settings } from "./settings.js";

/** Writes the Go program for the settings. It builds for a page, with GOOS=js. */
export function goProgram(login: Login, settings: Settings): string {
  const { room, display, pin, role } = settings;
  const sends = role !== "audience";
  const join = [`Room: ${goID(room)}`, `Display: ${quote(display)}`, ...(pin ? ["PIN: pin"] : [])].join(", ");
  return `// GOOS=js GOARCH=wasm go build -o room.wasm
//
// In a page it shows everybody in the room.
package main

import (
	"context"
	"log"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)
${pin ? '\nconst pin = "…"\n' : ""}
func main() {
	if err := room(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func room(ctx context.Context) error {
	c, err := client.Dial(ctx, ${quote(login.gateway)}, ${goOptions(login)})
	${failed}
	defer c.Close()
	session, err := c.NewSession(ctx)
	${failed}
${sends ? `	sources, err := open(ctx)
	for _, source := range sources {
		defer source.Close()
	}
	${failed}
` : ""}	room, err := videoroom.Join(ctx, session, videoroom.RoomOptions{
		Join:    videoroom.JoinRequest{${join}},
		NewPeer: func(h *client.Handle) (client.Negotiator, error) { return media.NewPeer(h, nil) },
		Wanted:  videoroom.Wanted{All: true},
	})
	${failed}
	defer room.Leave(ctx)
${sends ? publishing(settings) : ""}	for ev, err := range room.Events(ctx) {
		${failed.replaceAll("\n", "\n\t")}
		switch ev := ev.(type) {
		case *media.TrackAdded:
			stream := room.Stream(ev.Track.MID)
			if stream == nil {
				break // the feed has gone meanwhile
			}
			sink, err := media.Element(video(stream.FeedID))
			${failed.replaceAll("\n", "\n\t\t")}
			if err := ev.Track.Attach(sink); err != nil {
				return err
			}
		case *videoroom.Left:
			js.Global().Get("document").Call("querySelector", video(ev.Feed)).Call("remove")
		case *videoroom.Talking:
			log.Println(ev.Feed, "talks:", ev.Talking)
		}
	}
	return nil
}

// video returns the selector of the picture of a feed, which it makes if need be.
func video(feed client.ID) string {
	document, id := js.Global().Get("document"), "feed-"+feed.String()
	if document.Call("getElementById", id).IsNull() {
		element := document.Call("createElement", "video")
		element.Set("id", id)
		document.Get("body").Call("append", element)
	}
	return "#" + id
}
${sends ? opening(settings) : ""}${goCredentials(login)}`;
}

function publishing({ simulcast }: Settings): string {
  const options = simulcast ? "&media.SendOptions{Simulcast: source.Kind() == media.Video}" : "nil";
  return `	_, err = room.Publish(ctx, videoroom.PublishRequest{}, func(h *client.Handle) (client.Negotiator, error) {
		peer, err := media.NewPeer(h, nil)
		if err != nil {
			return nil, err
		}
		for _, source := range sources {
			if _, err := peer.Add(source, ${options}); err != nil {
				return nil, err
			}
		}
		return peer, nil
	})
	${failed}
`;
}

function opening(settings: Settings): string {
  const [audio, video] = [settings.audio, videoOf(settings)];
  const [audioId, videoId] = [deviceId(audio), deviceId(video)];
  const size = settings.simulcast ? "Width: 1280, Height: 720" : "Width: 640, Height: 360";
  const fields = [
    ...(audioId === undefined ? [] : ["Audio: true"]),
    ...(audioId ? [`AudioID: ${quote(audioId)}`] : []),
    ...(videoId === undefined ? [] : ["Video: true", size]),
    ...(videoId ? [`VideoID: ${quote(videoId)}`] : []),
  ];
  const files = [...(video === "built-in" ? [`"clip.webm"`] : []), ...(audio === "built-in" ? [`"tone.ogg"`] : [])];
  const calls = [
    ...(video === "screen" ? ["media.Display(ctx, media.DeviceRequest{})"] : []),
    ...(fields.length > 0 ? [`media.Device(ctx, media.DeviceRequest{${fields.join(", ")}})`] : []),
    ...(files.length > 0 ? [`media.File(ctx, nil, ${files.join(", ")})`] : []),
  ];
  const note = files.length > 0 ? "\t// What this page makes itself comes from files here.\n" : "";
  const rest = calls.slice(1).map((call) => `	if err != nil {
		return sources, err
	}
	more, err := ${call}
	return append(sources, more...), err
`);
  const body = calls.length === 0 ? "\treturn nil, nil\n" : calls.length === 1 ? `\treturn ${calls[0]}\n` : `\tsources, err := ${calls[0]}\n${rest.join("")}`;
  return `
// open opens what is to be sent.
func open(ctx context.Context) ([]media.Source, error) {
${note}${body}}
`;
}
