package hostile

import (
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
)

// values are what a field may be in the place of what it should be.
var values = []string{
	`null`, `true`, `0`, `7`, `-1`, `1.5`, `1e300`, `9007199254740993`, `18446744073709551615`, `18446744073709551616`,
	`""`, `"7"`, `"ok"`, `"\u0000\ud800"`, `[]`, `{}`, `[null]`, `[7,"7",null,{}]`, `[[]]`, `{"id":{},"streams":7}`,
	`[{}]`, `[{"id":7},{"id":7},{"id":"7"},{"id":null},{"id":-7}]`,
	`[{"mid":"0","feed_id":7,"active":true,"type":"video"},{"mid":"0","feed_id":"7","active":true,"type":"data","source_ids":[7,7,null]}]`,
	`[{"id":7,"streams":[{"type":"video","mid":"0"},{"type":"video","mid":"0"},{"type":5},null,{}]}]`,
}

// huge are the same, too large to be tried with every field.
var huge = []string{
	"[" + strings.Repeat(`{"id":7,"mid":"0"},`, 20_000) + "{}]",
	strings.Repeat("[", 2000) + strings.Repeat("]", 2000),
	`"` + strings.Repeat("x", 1<<20) + `"`,
}

// Bodies returns what a plugin may say in the place of what it should: for each
// of its kinds, the value of the member key, each field with each wrong value, and
// without the fields.
func Bodies(key string, kinds, fields []string) []string {
	list := []string{`{}`}
	for _, v := range values {
		list = append(list, `{"`+key+`":`+v+`}`)
	}
	for _, kind := range kinds {
		begin := `{"` + key + `":"` + kind + `"`
		list = append(list, begin+`}`, begin+`,"error_code":499}`, begin+`,"error_code":"x","error":7}`)
		for _, field := range fields {
			for _, v := range values {
				list = append(list, begin+`,"`+field+`":`+v+`}`)
			}
		}
	}
	for i, field := range fields {
		list = append(list, `{"`+key+`":"`+kinds[i%len(kinds)]+`","`+field+`":`+huge[i%len(huge)]+`}`)
	}
	return list
}

// description returns what may come with a body.
func description(n int) *client.JSEP {
	switch n % 7 {
	case 3:
		return &client.JSEP{Type: "offer", SDP: Description}
	case 4:
		return &client.JSEP{Type: "answer", SDP: Description}
	case 5:
		return &client.JSEP{Type: "offer", SDP: "\x00"}
	case 6:
		return &client.JSEP{Type: "pranswer"}
	}
	return nil
}
