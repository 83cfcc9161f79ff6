// Package bwe will estimate, from the feedback of one Transport, how many bits per second its way to the
// peer carries (transport-wide congestion control, draft-holmer-rmcat-transport-wide-cc-extensions-01).
// It will decide an Estimate and when a Probe is due. It will never read a clock, send a packet or choose
// a layer: pacer sends, alloc chooses. A Transport's shard will own its values.
//
// The data plane calls it at two places: forward.DownTrack when a packet has been appended to a batch,
// and forward.Peer when feedback arrives. Until it does, a Subscription gets the layer that its client wishes.
package bwe
