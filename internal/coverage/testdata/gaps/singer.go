package singer

type EventBase struct{ Kind string }

type Sung struct{ EventBase }

type Handle struct{}

func (h *Handle) Sing() string { return "sing" }

func (h Handle) Hum() string { return "hum" }
