//go:build !linux || !(amd64 || arm64)

package udp

import "errors"

// openLater fails: this platform steers nothing.
func openLater(Config, *socket) (laterReader, error) { return nil, errors.ErrUnsupported }
