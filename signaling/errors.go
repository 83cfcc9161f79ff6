package signaling

import (
	"context"
	"errors"
	"net/http"

	"salon/sfu"
	"salon/sfu/room"
	"salon/signaling/cluster"
	"salon/signaling/nodes"
	"salon/signaling/token"
	"salon/signaling/wire"
)

// Refusals of a request, in sentences that a stranger may read.
var (
	errShuttingDown     = errors.New("the server is shutting down, please try again in a moment")
	errTooManySessions  = errors.New("the server has no place for another participant, please try again later")
	errUnknownPath      = errors.New("there is nothing at this address")
	errMethod           = errors.New("only GET is allowed here")
	errNotWebSocket     = errors.New("a WebSocket is expected here")
	errNoJoinGrant      = errors.New("the access token does not allow joining a room")
	errNoRoom           = errors.New("the access token names no room")
	errOtherRoom        = errors.New("the access token is for another room")
	errNoIdentity       = errors.New("the access token names no identity")
	errNameTooLong      = errors.New("the name of a room or an identity may have 255 bytes at most")
	errNoJoinRequest    = errors.New("the join_request parameter is missing")
	errAttributes       = errors.New("the attributes parameter can't be read")
	errOldProtocol      = errors.New("the client is too old: protocol 9 is needed at least")
	errOwnMetadata      = errors.New("the access token does not allow changing metadata")
	errMetadataTooLarge = errors.New("metadata and attributes may have 64 KiB at most, a name 512 bytes")

	errAstray     = errors.New("the room is on another node")
	errUnreached  = errors.New("the room can't be reached at the moment, please try again")
	errRecovering = errors.New("new meetings can't begin at the moment, please try again in a moment")

	errUnsupported = errors.New("the server does not support this")
	errBadRequest  = errors.New("the request makes no sense")
	errTooMany     = errors.New("the request names too many things")
	errOversized   = errors.New("the message is too large")
)

// status returns the HTTP status of a refusal and the sentence for the client. What the client makes of it: 401 and
// 403 show the sentence and are final, 404 makes it try the older path, all others are retried when it was connected
// before. So a full room is 403: a person reads why, and nobody hammers.
func status(err error) (code int, sentence string) {
	for _, known := range []struct {
		code     int
		refusals []error
	}{
		{nodes.StatusAstray, []error{errAstray}},
		{http.StatusBadRequest, []error{
			errNoJoinRequest, errAttributes, errOldProtocol, errNameTooLong, errMetadataTooLarge,
			wire.ErrJoinRequest, wire.ErrJoinTooLarge,
		}},
		{http.StatusUnauthorized, []error{
			token.ErrMissing, token.ErrTooLong, token.ErrMalformed, token.ErrUnknownKey, token.ErrSignature,
			token.ErrExpired, token.ErrNotYetValid, token.ErrNoExpiry, errNoIdentity, errOwnMetadata,
		}},
		{http.StatusForbidden, []error{errNoJoinGrant, errNoRoom, errOtherRoom, room.ErrFull}},
		{http.StatusNotFound, []error{errUnknownPath}},
		{http.StatusMethodNotAllowed, []error{errMethod}},
		{http.StatusUpgradeRequired, []error{errNotWebSocket}},
		{http.StatusTooManyRequests, []error{errTooManySessions, sfu.ErrTooManyRooms}},
		{http.StatusServiceUnavailable, []error{
			errShuttingDown, sfu.ErrShuttingDown, room.ErrClosed, cluster.ErrQuiet, cluster.ErrAway,
			errUnreached, cluster.ErrHeld, cluster.ErrStale, nodes.ErrAstray, nodes.ErrUnreached, nodes.ErrForbidden,
			context.DeadlineExceeded, context.Canceled,
		}},
	} {
		for _, refusal := range known.refusals {
			if errors.Is(err, refusal) {
				return known.code, sentenceOf(refusal)
			}
		}
	}
	return http.StatusInternalServerError, "the server could not do this"
}

func sentenceOf(known error) string {
	switch {
	case errors.Is(known, sfu.ErrShuttingDown), errors.Is(known, room.ErrClosed):
		return errShuttingDown.Error()
	case errors.Is(known, cluster.ErrQuiet), errors.Is(known, cluster.ErrAway):
		return errRecovering.Error()
	case errors.Is(known, cluster.ErrHeld), errors.Is(known, cluster.ErrStale), errors.Is(known, nodes.ErrAstray),
		errors.Is(known, nodes.ErrUnreached), errors.Is(known, nodes.ErrForbidden):
		return errUnreached.Error()
	case errors.Is(known, context.DeadlineExceeded), errors.Is(known, context.Canceled):
		return "the server is busy, please try again in a moment"
	default:
		return known.Error()
	}
}

// refusal returns the code and the sentence with which a request within a session is refused.
func refusal(err error) (wire.RequestResponse_Reason, string) {
	for _, r := range []struct {
		known  error
		reason wire.RequestResponse_Reason
	}{
		{room.ErrNotAllowed, wire.RequestResponse_NOT_ALLOWED},
		{room.ErrUnknownTrack, wire.RequestResponse_NOT_FOUND},
		{room.ErrTooManyTracks, wire.RequestResponse_LIMIT_EXCEEDED},
		{errMetadataTooLarge, wire.RequestResponse_LIMIT_EXCEEDED},
		{errOversized, wire.RequestResponse_LIMIT_EXCEEDED},
		{errTooMany, wire.RequestResponse_LIMIT_EXCEEDED},
		{errUnsupported, wire.RequestResponse_UNSUPPORTED_TYPE},
		{errBadRequest, wire.RequestResponse_INVALID_REQUEST},
		{wire.ErrMalformed, wire.RequestResponse_INVALID_REQUEST},
	} {
		if errors.Is(err, r.known) {
			return r.reason, r.known.Error()
		}
	}
	if errors.Is(err, room.ErrBadSDP) {
		return wire.RequestResponse_INVALID_REQUEST, err.Error() // says what is wrong with it
	}
	return wire.RequestResponse_UNCLASSIFIED_ERROR, "the server could not do this"
}
