package media

import "syscall/js"

// deviceConstraints returns the MediaStreamConstraints of a request.
func deviceConstraints(req DeviceRequest) (js.Value, error) {
	c := map[string]any{"audio": false, "video": false}
	if req.Audio {
		audio := processing(req)
		exactly(audio, req.AudioID)
		c["audio"] = orTrue(audio)
	}
	if req.Video {
		video := picture(req)
		exactly(video, req.VideoID)
		if req.Facing != "" {
			video["facingMode"] = req.Facing
		}
		c["video"] = orTrue(video)
	}
	return merged(c, req.Constraints)
}

// displayConstraints returns the DisplayMediaStreamOptions of a request.
func displayConstraints(req DeviceRequest) (js.Value, error) {
	c := map[string]any{"video": orTrue(picture(req)), "audio": false}
	if req.Audio {
		c["audio"] = orTrue(processing(req))
		c["systemAudio"] = "include" // some browsers hide that choice otherwise
	}
	return merged(c, req.Constraints)
}

func processing(req DeviceRequest) map[string]any {
	c := map[string]any{}
	for name, on := range map[string]*bool{
		"echoCancellation": req.EchoCancellation,
		"noiseSuppression": req.NoiseSuppression,
		"autoGainControl":  req.AutoGainControl,
	} {
		if on != nil {
			c[name] = *on
		}
	}
	return c
}

func picture(req DeviceRequest) map[string]any {
	c := map[string]any{}
	if req.Width > 0 {
		c["width"] = req.Width
	}
	if req.Height > 0 {
		c["height"] = req.Height
	}
	if req.FrameRate > 0 {
		c["frameRate"] = req.FrameRate
	}
	return c
}

func exactly(c map[string]any, id string) {
	if id != "" {
		c["deviceId"] = map[string]any{"exact": id}
	}
}

func orTrue(c map[string]any) any {
	if len(c) == 0 {
		return true
	}
	return c
}

// merged lays what the caller gave over c, the tracks member by member.
func merged(c map[string]any, over any) (js.Value, error) {
	v := js.ValueOf(c)
	var extra js.Value
	switch over := over.(type) {
	case nil:
		return v, nil
	case js.Value:
		extra = over
	case map[string]any:
		given, err := convert(over)
		if err != nil {
			return v, err
		}
		extra = given
	}
	if extra.Type() != js.TypeObject {
		return v, badConstraints()
	}
	object := js.Global().Get("Object")
	for _, key := range items(object.Call("keys", extra)) {
		name := key.String()
		value := extra.Get(name)
		if value.Type() == js.TypeObject && v.Get(name).Type() == js.TypeObject {
			object.Call("assign", v.Get(name), value)
			continue
		}
		v.Set(name, value)
	}
	return v, nil
}

// convert is js.ValueOf for what a caller gave, which may hold anything.
func convert(m map[string]any) (v js.Value, err error) {
	defer func() {
		if recover() != nil {
			err = badConstraints()
		}
	}()
	return js.ValueOf(m), nil
}

func badConstraints() error {
	return &OptionError{"Constraints", "want a js.Value or a map[string]any, of what js.ValueOf converts"}
}
