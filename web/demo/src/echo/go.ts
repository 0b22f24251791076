import { deviceId } from "../choice.js";
import { failed, goCredentials, goOptions, number, quote } from "../code.js";
import type { Login } from "../shell/bar.js";
import { captureSize, type Settings } from "./settings.js";

/** Writes the Go program for the settings. It builds for a page, with GOOS=js. */
export function goProgram(login: Login, settings: Settings): string {
  const { simulcast } = settings;
  const send = simulcast ? "&media.SendOptions{Simulcast: source.Kind() == media.Video}" : "nil";
  return `// GOOS=js GOARCH=wasm go build -o echo.wasm
//
// It runs in a page with <video id="remote">.
package main

import (
	"context"
	"log"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

func main() {
	if err := echo(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func echo(ctx context.Context) error {
	c, err := client.Dial(ctx, ${quote(login.gateway)}, ${goOptions(login)})
	${failed}
	defer c.Close()
	session, err := c.NewSession(ctx)
	${failed}
	handle, err := echotest.Attach(ctx, session, nil)
	${failed}
	peer, err := media.NewPeer(handle, nil)
	${failed}
	defer peer.Close()
	sources, err := open(ctx)
	for _, source := range sources {
		defer source.Close()
	}
	${failed}
	for _, source := range sources {
		if _, err := peer.Add(source, ${send}); err != nil {
			return err
		}
	}
	sink, err := media.Element("#remote")
	${failed}
	if err := handle.Start(ctx, ${config(settings)}, peer); err != nil {
		return err
	}
	for ev, err := range handle.Events(ctx) {
		${failed.replaceAll("\n", "\n\t")}
		switch ev := ev.(type) {
		case *media.TrackAdded:
			if err := ev.Track.Attach(sink); err != nil {
				return err
			}
${repeatBitrate(settings)}		case *client.Hangup:
			return nil
		}
	}
	return nil
}

// open opens what is to be sent.
func open(ctx context.Context) ([]media.Source, error) {
${opening(settings)}}
${goCredentials(login)}`;
}

/** A limit of the start holds only once the connection is up: see echotest.Config. */
function repeatBitrate({ bitrate }: Settings): string {
  if (bitrate === 0) return "";
  return `		case *client.WebRTCUp:
			if err := handle.Configure(ctx, echotest.Config{Bitrate: new(${number(bitrate)})}); err != nil {
				return err
			}
`;
}

function config({ bitrate, simulcast, substream, temporal }: Settings): string {
  const fields = [
    ...(bitrate > 0 ? [`Bitrate: new(${number(bitrate)})`] : []),
    ...(simulcast ? [`Substream: new(${substream})`, `Temporal: new(${temporal})`] : []),
  ];
  return `echotest.Config{${fields.join(", ")}}`;
}

export function opening(settings: Settings): string {
  const { audio, video } = settings;
  const { width, height } = captureSize(settings);
  const calls: string[] = [];
  if (video === "screen") calls.push(`media.Display(ctx, media.DeviceRequest{${audio === "screen" ? "Audio: true" : ""}})`);
  const [audioId, videoId] = [deviceId(audio), deviceId(video)];
  const fields = [
    ...(audioId === undefined ? [] : ["Audio: true"]),
    ...(audioId ? [`AudioID: ${quote(audioId)}`] : []),
    ...(videoId === undefined ? [] : ["Video: true", `Width: ${width}`, `Height: ${height}`]),
    ...(videoId ? [`VideoID: ${quote(videoId)}`] : []),
  ];
  if (fields.length > 0) calls.push(`media.Device(ctx, media.DeviceRequest{${fields.join(", ")}})`);
  const files = [...(video === "built-in" ? [`"clip.webm"`] : []), ...(audio === "built-in" ? [`"tone.ogg"`] : [])];
  if (files.length > 0) calls.push(`media.File(ctx, nil, ${files.join(", ")})`);
  const note = files.length > 0 ? "\t// What this page makes itself comes from files here.\n" : "";
  if (calls.length === 0) return "\treturn nil, nil // a data channel needs none\n";
  if (calls.length === 1) return `${note}\treturn ${calls[0]}\n`;
  const rest = calls.slice(1).map((call) => `	if err != nil {
		return sources, err
	}
	more, err := ${call}
	return append(sources, more...), err
`);
  return `${note}	sources, err := ${calls[0]}\n${rest.join("")}`;
}
