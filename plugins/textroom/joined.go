package textroom

import (
	"slices"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
)

// joined is what a handle is a member of, to become one again on another
// connection.
type joined struct {
	mu   sync.Mutex // guards list
	list []JoinRequest
}

// add takes a request the gateway has granted.
func (j *joined) add(req JoinRequest) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.list = append(slices.DeleteFunc(j.list, inRoom(req.Room)), req)
}

// remove forgets a room.
func (j *joined) remove(room client.ID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.list = slices.DeleteFunc(j.list, inRoom(room))
}

// gone forgets a room if it is we who were kicked out of it.
func (j *joined) gone(room client.ID, username string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.list = slices.DeleteFunc(j.list, func(r JoinRequest) bool { return r.Room == room && r.Username == username })
}

func (j *joined) all() []JoinRequest {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.list)
}

func (j *joined) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.list = nil
}

func inRoom(room client.ID) func(JoinRequest) bool {
	return func(r JoinRequest) bool { return r.Room == room }
}
