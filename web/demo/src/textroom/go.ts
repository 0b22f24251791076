import { failed, goCredentials, goOptions, quote } from "../code.js";
import type { Login } from "../shell/bar.js";
import type { Settings } from "./settings.js";

/** Writes the Go program for the settings. It runs natively, and in a page when it is built with GOOS=js. */
export function goProgram(login: Login, { name, room, pin, to }: Settings): string {
  const id = typeof room === "string" ? `client.StrID(${quote(room)})` : `client.NumID(${room})`;
  return `package main

import (
	"context"
	"fmt"
	"log"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

func main() {
	if err := talk(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func talk(ctx context.Context) error {
	c, err := client.Dial(ctx, ${quote(login.gateway)}, ${goOptions(login)})
	${failed}
	defer c.Close()
	session, err := c.NewSession(ctx)
	${failed}
	text, err := textroom.Attach(ctx, session, nil)
	${failed}
	peer, err := media.NewPeer(text, nil)
	${failed}
	defer peer.Close()
	channel, err := peer.OpenData(ctx, textroom.Label, nil)
	${failed}
	conn, err := text.Open(ctx, peer, channel)
	${failed}

	room := ${id}
	others, err := conn.Join(ctx, textroom.JoinRequest{Room: room, Username: ${quote(name)}${pin ? ', PIN: "…"' : ""}})
	${failed}
	hello := fmt.Sprintf("Hello, %d others!", len(others))
	if _, err := conn.Message(ctx, textroom.MessageRequest{Room: room, Text: hello${to ? `, To: ${quote(to)}` : ""}}); err != nil {
		return err
	}
	for ev, err := range text.Events(ctx) {
		${failed.replaceAll("\n", "\n\t")}
		switch ev := ev.(type) {
		case *textroom.Message:
			fmt.Println(ev.Date, ev.From, ev.Text)
		case *textroom.Joined:
			fmt.Println(ev.Username, "is here")
		case *textroom.Left:
			fmt.Println(ev.Username, "left")
		case *client.Hangup:
			return nil
		}
	}
	return nil
}
${goCredentials(login)}`;
}
