//go:build !js

package gateway

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
)

// videoroom is one room. videoRooms.mu guards it.
type videoroom struct {
	id          client.ID
	description string
	secret, pin password
	recDir      string

	private, needPrivateID, lockRecord, record bool
	bitrateCap, dtx, fec, e2ee, notify         bool
	levelExt, levelEvent, turnExt              bool
	delayExt, twccExt                          bool

	publishers, bitrate, firFreq int
	levelPackets, levelAverage   int
	audio, video                 []string // codecs, the best first

	door    door
	members []*publisher
}

const (
	defaultPublishers   = 3
	defaultLevelPackets = 100
	defaultLevelAverage = 25
	leastBitrate        = 64000 // as Janus
	mostCodecs          = 5     // in a room
)

var videoCreate = []param{
	{"description", '"', false}, {"is_private", 'b', false}, {"allowed", '[', false}, {"secret", '"', false},
	{"pin", '"', false}, {"require_pvtid", 'b', false}, {"signed_tokens", 'b', false}, {"bitrate", '+', false},
	{"bitrate_cap", 'b', false}, {"fir_freq", '+', false}, {"publishers", '+', false}, {"audiocodec", '"', false},
	{"videocodec", '"', false}, {"vp9_profile", '"', false}, {"h264_profile", '"', false}, {"opus_fec", 'b', false},
	{"opus_dtx", 'b', false}, {"video_svc", 'b', false}, {"audiolevel_ext", 'b', false}, {"audiolevel_event", 'b', false},
	{"audio_active_packets", '+', false}, {"audio_level_average", '+', false}, {"videoorient_ext", 'b', false},
	{"playoutdelay_ext", 'b', false}, {"transport_wide_cc_ext", 'b', false}, {"record", 'b', false},
	{"rec_dir", '"', false}, {"lock_record", 'b', false}, {"permanent", 'b', false}, {"notify_joining", 'b', false},
	{"require_e2ee", 'b', false}, {"dummy_publisher", 'b', false}, {"dummy_streams", '[', false},
}

// What a room may be made for.
var (
	audioCodecs = []string{"opus", "multiopus", "isac32", "isac16", "pcmu", "pcma", "g722", "l16-48", "l16"}
	videoCodecs = []string{"vp8", "vp9", "av1", "h264", "h265"}
)

// newVideoroom makes a room as b says, whose members were checked.
func newVideoroom(id client.ID, b body) (*videoroom, error) {
	r := &videoroom{id: id, description: "Room " + id.String(),
		fec: true, levelExt: true, turnExt: true, delayExt: true, twccExt: true,
		publishers: defaultPublishers, levelPackets: defaultLevelPackets, levelAverage: defaultLevelAverage}
	var ok bool
	if r.audio, ok = codecList(b.str("audiocodec"), "opus", audioCodecs); !ok {
		return nil, video.error(videoInvalid, "Invalid element (audiocodec can only be or contain opus, isac32, isac16, pcmu, pcma or g722)")
	}
	if r.video, ok = codecList(b.str("videocodec"), "vp8", videoCodecs); !ok {
		return nil, video.error(videoInvalid, "Invalid element (videocodec can only be or contain vp8, vp9, av1, h264 or h265)")
	}
	var err error
	if r.door, err = video.newDoor(b); err != nil {
		return nil, err
	}
	if s := b.str("description"); s != "" {
		r.description = s
	}
	r.secret, r.pin, r.recDir = b.password("secret"), b.password("pin"), b.str("rec_dir")
	b.into("is_private", &r.private)
	b.into("require_pvtid", &r.needPrivateID)
	b.into("lock_record", &r.lockRecord)
	b.into("record", &r.record)
	b.into("bitrate_cap", &r.bitrateCap)
	b.into("opus_dtx", &r.dtx)
	b.into("opus_fec", &r.fec)
	b.into("require_e2ee", &r.e2ee)
	b.into("notify_joining", &r.notify)
	b.into("audiolevel_ext", &r.levelExt)
	b.into("audiolevel_event", &r.levelEvent)
	b.into("videoorient_ext", &r.turnExt)
	b.into("playoutdelay_ext", &r.delayExt)
	b.into("transport_wide_cc_ext", &r.twccExt)
	r.limit(b, "publishers", "bitrate", "fir_freq")
	if n := b.number("audio_active_packets"); n != nil && *n > 0 {
		r.levelPackets = *n
	}
	if n := b.number("audio_level_average"); n != nil && *n > 0 && *n <= 127 {
		r.levelAverage = *n
	}
	return r, nil
}

// limit sets the numbers of a room that can change.
func (r *videoroom) limit(b body, publishers, bitrate, firFreq string) {
	if n := b.number(publishers); n != nil {
		r.publishers = *n
	}
	if n := b.number(bitrate); n != nil {
		if r.bitrate = *n; *n > 0 {
			r.bitrate = max(*n, leastBitrate)
		}
	}
	if n := b.number(firFreq); n != nil {
		r.firFreq = *n
	}
}

// codecList reads codecs separated by commas.
func codecList(text, otherwise string, known []string) (list []string, ok bool) {
	if text == "" {
		text = otherwise
	}
	for name := range strings.SplitSeq(text, ",") {
		if !slices.Contains(known, name) {
			return nil, false
		}
		if len(list) < mostCodecs {
			list = append(list, name)
		}
	}
	return list, true
}

// entry is the room in a list.
func (r *videoroom) entry() object {
	e := object{
		"room": r.id, "description": r.description, "pin_required": r.pin.set, "is_private": r.private,
		"max_publishers": r.publishers, "bitrate": r.bitrate, "fir_freq": r.firFreq, "require_pvtid": r.needPrivateID,
		"require_e2ee": r.e2ee, "dummy_publisher": false, "notify_joining": r.notify,
		"audiocodec": strings.Join(r.audio, ","), "videocodec": strings.Join(r.video, ","), "record": r.record,
		"lock_record": r.lockRecord, "num_participants": len(r.members), "audiolevel_ext": r.levelExt,
		"audiolevel_event": r.levelEvent, "videoorient_ext": r.turnExt, "playoutdelay_ext": r.delayExt,
		"transport_wide_cc_ext": r.twccExt,
	}
	for key, on := range map[string]bool{"bitrate_cap": r.bitrateCap, "opus_fec": r.fec, "opus_dtx": r.dtx} {
		if on {
			e[key] = true
		}
	}
	if r.levelEvent {
		e["audio_active_packets"], e["audio_level_average"] = r.levelPackets, r.levelAverage
	}
	if r.recDir != "" {
		e["rec_dir"] = r.recDir
	}
	return e
}

// member returns who has an id; nil if nobody does.
func (r *videoroom) member(id client.ID) *publisher {
	for _, p := range r.members {
		if p.id == id {
			return p
		}
	}
	return nil
}

// feed returns who publishes with an id.
func (r *videoroom) feed(id client.ID) (*publisher, error) {
	if p := r.member(id); p != nil && p.active {
		return p, nil
	}
	return nil, video.error(videoNoSuchFeed, fmt.Sprintf("No such feed (%s)", id))
}

// tell tells all members.
func (r *videoroom) tell(data object) {
	for _, p := range r.members {
		p.h.say(data, nil)
	}
}
