//go:build !js

package feedback

import (
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"
)

// Register adds what is asked for again, reported and estimated, and the header
// extensions that streams of video are told apart by. Of pion's defaults the
// statistics are left out: they cost a lock a packet. Logs go where logs says.
func Register(m *webrtc.MediaEngine, r *interceptor.Registry, logs logging.LoggerFactory) error {
	if err := webrtc.ConfigureNackWithOptions(m, r,
		[]nack.GeneratorOption{nack.WithGeneratorLoggerFactory(logs)},
		nack.WithResponderLoggerFactory(logs)); err != nil {
		return err
	}
	if err := webrtc.ConfigureRTCPReportsWithOptions(r,
		[]report.ReceiverOption{report.WithReceiverLoggerFactory(logs)},
		report.WithSenderLoggerFactory(logs)); err != nil {
		return err
	}
	if err := webrtc.ConfigureSimulcastExtensionHeaders(m); err != nil {
		return err
	}
	return webrtc.ConfigureTWCCSenderWithOptions(m, r, twcc.WithLoggerFactory(logs))
}
