package admin

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
)

// Capture says where the gateway writes the packets of a handle, decrypted. The
// file is the gateway's: on its machine, and with the rights of its user.
type Capture struct {
	Folder   string `json:"folder"`   // made if it is not there
	Filename string `json:"filename"` // appended to if it is there
	// Truncate is how many bytes of each packet are kept; zero: all of them.
	Truncate int `json:"truncate,omitempty"`
}

// StartPcap starts to write the packets of a handle to a file in the format of
// pcap. A handle has one capture at a time: a second one, and a file that cannot
// be written, are client.UnknownError.
func (c *Client) StartPcap(ctx context.Context, session, handle uint64, to Capture) error {
	return c.startCapture(ctx, "start_pcap", session, handle, to)
}

// StartText2pcap is [Client.StartPcap] in the text format that the tool
// text2pcap reads.
func (c *Client) StartText2pcap(ctx context.Context, session, handle uint64, to Capture) error {
	return c.startCapture(ctx, "start_text2pcap", session, handle, to)
}

// StopPcap stops a capture, of either format. Without one the error matches
// client.UnknownError.
func (c *Client) StopPcap(ctx context.Context, session, handle uint64) error {
	return c.onHandle(ctx, "stop_pcap", session, handle, nil)
}

// StopText2pcap is the same as [Client.StopPcap]; the gateway does not tell them
// apart.
func (c *Client) StopText2pcap(ctx context.Context, session, handle uint64) error {
	return c.onHandle(ctx, "stop_text2pcap", session, handle, nil)
}

func (c *Client) startCapture(ctx context.Context, op string, session, handle uint64, to Capture) error {
	switch {
	case to.Folder == "":
		return &client.ArgumentError{Op: op, Reason: "Capture.Folder is empty: name a folder of the gateway's machine"}
	case to.Filename == "":
		return &client.ArgumentError{Op: op, Reason: "Capture.Filename is empty"}
	case to.Truncate < 0:
		return &client.ArgumentError{Op: op, Reason: "Capture.Truncate is negative: 0 keeps all of each packet"}
	}
	return c.onHandle(ctx, op, session, handle, to)
}
