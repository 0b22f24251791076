//go:build !js

package place

import (
	"log"

	"github.com/bifrons-rtc/bifrons/client/janustest/gateway"
)

func embedded() (url string, stop func(), err error) {
	gw := gateway.Start(nil)
	a, err := gw.Listen()
	if err != nil {
		gw.Close()
		return "", nil, err
	}
	log.Print("embedded gateway (a test double, loopback only) on ", a.WS)
	return a.WS, gw.Close, nil
}
