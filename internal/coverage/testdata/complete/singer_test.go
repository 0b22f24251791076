package singer

func song() {
	h := &Handle{}
	h.Sing()
	hum(h)
}

func hum(h *Handle) *Sung {
	h.Hum()
	return &Sung{}
}
