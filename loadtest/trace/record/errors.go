package main

import "errors"

var (
	errScene   = errors.New("no such scene")
	errBrowser = errors.New("the browser did not play along")
	errSilence = errors.New("nothing came to record")
	errOffer   = errors.New("offer not usable")
)
