package place

import "errors"

func embedded() (url string, stop func(), err error) {
	return "", nil, errors.New("give the URL of a gateway, such as ws://127.0.0.1:8188/")
}
