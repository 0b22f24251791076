package codec_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json/codec"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// wire has a value of each of the messages below.
type wire struct {
	ID           client.ID
	JSEP         client.JSEP
	Candidate    client.Candidate
	Info         client.ServerInfo
	Echo         echotest.Config
	Call         videocall.Config
	TextRooms    []textroom.Room
	TextJoin     textroom.JoinRequest
	TextMessage  textroom.MessageRequest
	Create       videoroom.CreateRequest
	Join         videoroom.JoinRequest
	Joined       videoroom.JoinReply
	Publish      videoroom.PublishRequest
	Published    videoroom.PublishReply
	Subscribe    videoroom.SubscribeRequest
	Feeds        []videoroom.Feed
	Participants []videoroom.Participant
	Streams      []videoroom.SubscriberStream
	Configure    []videoroom.ConfigureStream
	Forwarders   []videoroom.Forwarder
	Rooms        []videoroom.RoomInfo
	Error        client.Error
}

// joined is a typical event.
const joined = `{"videoroom":"joined","room":"r","description":"d","id":7,"private_id":18446744073709551615,"publishers":[{"id":1,"display":"a","talking":true,"streams":[{"type":"video","mindex":0,"mid":"0","codec":"vp8","simulcast":true,"disabled":false}]}],"attendees":[{"id":2,"display":"b"}]}`

// messages are read into each field of wire, and all together into wire.
var messages = []string{
	`18446744073709551615`, `"a room"`, `null`, `-1`, `1.5`, `{}`, `[]`, `[{}]`, `[null]`,
	`{"type":"offer","sdp":"v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\n","e2ee":true,"trickle":false}`,
	`{"candidate":"candidate:1 1 udp 2 192.0.2.1 9 typ host","sdpMid":"0","sdpMLineIndex":0,"completed":true,"usernameFragment":null}`,
	`{"janus":"server_info","name":"x","version":110,"version_string":"1.1.0","plugins":{"janus.plugin.echotest":{"name":"n","version_string":"0.1"}},"transports":null,"session-timeout":"x","ipv6":1,"data_channels":true}`,
	`{"audio":true,"video":false,"bitrate":128000,"record":true,"filename":"f","substream":2,"temporal":1,"fallback":250000,"mid":"0"}`,
	`{"room":1234,"ptype":"publisher","id":"me","display":"\u00c4","token":"t","pin":"p","secret":"s"}`,
	joined,
	`{"streams":[{"feed":1,"mid":"0","crossrefid":"x","substream":0,"temporal":2,"min_delay":10,"max_delay":20},{"sub_mid":"1","send":false}],"use_msid":true,"autoupdate":false,"private_id":3}`,
	`[{"id":1,"display":"a","publisher":true,"talking":false},{"id":"b","display":null,"publisher":"no"}]`,
	`[{"type":"video","active":true,"mindex":0,"mid":"0","ready":true,"send":true,"feed_id":1,"feed_mid":"0","feed_display":"a","codec":"vp8"},{"mid":5}]`,
	`[{"room":1234,"description":"d","pin_required":"true","max_publishers":6,"bitrate":128000,"fir_freq":10,"num_participants":3,"audiocodec":"opus,pcmu","record":false}]`,
	`{"ID":9,"jsep":{"type":1},"Feeds":[{"id":{}}],"Rooms":{},"Info":{"version":"x"},"Participants":[[]]}`,
}

// compareWire reads data into everything, writes that again, and compares.
func compareWire(t *testing.T, data []byte) {
	t.Helper()
	all := reflect.TypeFor[wire]()
	types := []reflect.Type{all}
	for i := range all.NumField() {
		types = append(types, all.Field(i).Type)
	}
	for _, typ := range types {
		got, want := reflect.New(typ), reflect.New(typ)
		gotErr, wantErr := codec.Unmarshal(data, got.Interface()), json.Unmarshal(data, want.Interface())
		if (gotErr == nil) != (wantErr == nil) || gotErr != nil && gotErr.Error() != wantErr.Error() {
			t.Fatalf("%q into %v: error %v, want %v", data, typ, gotErr, wantErr)
		}
		if !reflect.DeepEqual(got.Interface(), want.Interface()) {
			t.Fatalf("%q into %v: %#v, want %#v", data, typ, got.Elem(), want.Elem())
		}
		gotText, gotErr := codec.Marshal(got.Interface())
		wantText, wantErr := json.Marshal(want.Interface())
		if (gotErr == nil) != (wantErr == nil) || string(gotText) != string(wantText) {
			t.Fatalf("%v: %s, %v, want %s, %v", typ, gotText, gotErr, wantText, wantErr)
		}
	}
}

func TestWire(t *testing.T) {
	for _, m := range messages {
		compareWire(t, []byte(m))
	}
}

func FuzzWire(f *testing.F) {
	for _, m := range messages {
		f.Add([]byte(m))
	}
	f.Fuzz(compareWire)
}
