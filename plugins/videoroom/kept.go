package videoroom

import "context"

// lasting returns the settings of a request that the gateway keeps of somebody in
// the room, whether there is a publication or not. Name and metadata are those of
// the join.
func (p *PublishRequest) lasting() PublishRequest {
	return PublishRequest{
		Bitrate: p.Bitrate, Record: p.Record, Filename: p.Filename, Secret: p.Secret,
		AudioLevelAverage: p.AudioLevelAverage, AudioActivePackets: p.AudioActivePackets,
	}
}

// lasts reports whether there are such settings. A secret alone sets nothing.
func (p *PublishRequest) lasts() bool {
	return p.Bitrate != nil || p.Record != nil || p.Filename != nil || p.AudioLevelAverage != nil || p.AudioActivePackets != nil
}

// configured notes what was set. The name of a recording goes with the publication
// that it is for. p.mu is held.
func (p *Publisher) configured(cfg *PublishRequest, publishing bool) {
	lasting := cfg.lasting()
	p.kept.keepSettings(&lasting)
	if publishing {
		p.cfg.keepSettings(cfg)
		p.kept.Filename = nil
	}
}

// published notes how a publication began, to which belongs what was set ahead of
// it. p.mu is held.
func (p *Publisher) published(cfg *PublishRequest) {
	p.cfg = PublishRequest{}
	p.cfg.keep(cfg)
	all := p.kept
	all.keepSettings(cfg)
	p.cfg.keepSettings(&all)
	p.configured(cfg, true)
}

// declared returns how we publish, with what was set ahead of it.
func (p *Publisher) declared() PublishRequest {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cfg
}

// configureAgain sets after a rebuild what the gateway kept before, unless a
// publication that is made anew brings it.
func (p *Publisher) configureAgain(ctx context.Context) error {
	p.mu.Lock()
	kept, peer := p.kept, p.peer
	p.mu.Unlock()
	if alive, _, _ := mending(peer); alive || !kept.lasts() {
		return nil
	}
	return p.call(ctx, "configure", &kept, nil)
}
