package token

import "errors"

// What can be wrong with a token, in sentences that a stranger may read.
var (
	ErrMissing     = errors.New("an access token is needed")
	ErrTooLong     = errors.New("the access token is too long")
	ErrMalformed   = errors.New("the access token can't be read")
	ErrUnknownKey  = errors.New("the access token's API key is not known here")
	ErrSignature   = errors.New("the access token's signature is wrong")
	ErrExpired     = errors.New("the access token has expired")
	ErrNotYetValid = errors.New("the access token is not valid yet")
	ErrNoExpiry    = errors.New("the access token has no expiry")
	// ErrNoKeys comes from Mint alone.
	ErrNoKeys = errors.New("there is no API key to sign with")
)
