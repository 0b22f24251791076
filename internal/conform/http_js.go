package conform

// exchange is native only, as are the cases that need it.
func (p *Player) exchange(s string) {
	p.t.Helper()
	p.t.Fatalf("not in a page: %s", s)
}
