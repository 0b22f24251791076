import { failed, goCredentials, goOptions, quote } from "../code.js";
import { opening } from "../echo/go.js";
import { defaults } from "../echo/settings.js";
import type { Login } from "../shell/bar.js";
import type { Settings } from "./settings.js";

/** Writes the Go program for the settings. It builds for a page, with GOOS=js. */
export function goProgram(login: Login, { name, whom, video, audio }: Settings): string {
  const call = `	peer, err := newPeer()
	${failed}
	if err := user.Call(ctx, ${quote(whom)}, peer); err != nil {
		return err
	}
`;
  const deep = failed.replaceAll("\n", "\n\t");
  return `// GOOS=js GOARCH=wasm go build -o call.wasm
//
// It runs in a page with <video id="remote">.
package main

import (
	"context"
	"log"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

func main() {
	if err := call(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func call(ctx context.Context) error {
	c, err := client.Dial(ctx, ${quote(login.gateway)}, ${goOptions(login)})
	${failed}
	defer c.Close()
	session, err := c.NewSession(ctx)
	${failed}
	user, err := videocall.Attach(ctx, session, nil)
	${failed}
	if err := user.Register(ctx, ${quote(name)}); err != nil {
		return err
	}
	sources, err := open(ctx)
	for _, source := range sources {
		defer source.Close()
	}
	${failed}
	sink, err := media.Element("#remote")
	${failed}
	newPeer := func() (*media.Peer, error) {
		peer, err := media.NewPeer(user, nil)
		if err != nil {
			return nil, err
		}
		for _, source := range sources {
			if _, err := peer.Add(source, nil); err != nil {
				return nil, err
			}
		}
		return peer, nil
	}

${whom ? call : ""}	for ev, err := range user.Events(ctx) {
		${deep}
		switch ev := ev.(type) {
		case *videocall.Incoming:
			peer, err := newPeer()
			${deep.replaceAll("\n", "\n\t")}
			if err := user.Accept(ctx, ev, peer); err != nil {
				return err
			}
		case *media.TrackAdded:
			if err := ev.Track.Attach(sink); err != nil {
				return err
			}
		case *videocall.Ended:
			log.Println(ev.Username, ev.Reason)
		}
	}
	return nil
}

// open opens what is to be sent.
func open(ctx context.Context) ([]media.Source, error) {
${opening({ ...defaults(), video, audio })}}
${goCredentials(login)}`;
}
