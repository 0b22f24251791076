package textroom

// Waiting returns how many requests of c wait for their answers.
func (c *Conn) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting)
}

// MaxRequests is the most there can be.
const MaxRequests = maxRequests

// Decode decodes an event of the Janus API.
var Decode = decode

// Answers reports whether data is the answer to a request.
func Answers(data []byte, txn string) bool { return transactionOf(data) == txn }
