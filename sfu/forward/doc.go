// Package forward is the data plane: it carries each packet that a publisher sends to everyone subscribed to it.
//
// The way of a packet:
//
//  1. A reader of a socket hands over a burst: the opened RTP packets of one peer that one read returned (Peer.HandleRTP).
//  2. The Shard's lock is taken, once for the burst.
//  3. Each packet is parsed; hostile bytes end here (package packet).
//  4. Its SSRC names a Receiver; an unknown one is bound by its MID and RID extensions (peer_bind.go).
//  5. A retransmission is unwrapped into the packet it repeats (receiver.go).
//  6. The Receiver unwraps its number, notes gaps, and copies it once into the History that all subscribers share.
//  7. The Fanout goes leg by leg, packet by packet (fanout.go); where there are very many legs, other cores take a share
//     of them (crew.go). The layer Selector judges, the Rewriter numbers, packets get the size of their neighbours (equal.go),
//     timestamp and VP8 descriptor are patched, header and payload are written into the batch and sealed there (downtrack.go).
//  8. The lock is released; the reader flushes its batch with one system call for many packets.
//
// Backwards, in the same burst: a NACK is answered from History, a keyframe request is merged into one for the
// publisher, receiver reports give round-trip times (feedback.go). One slow tick per Shard does what has a
// rhythm: transport-wide feedback, sender and receiver reports, requests that are due. A burst does it along the way when it is
// time, a loop only where no bursts come (tick.go, shard_loop.go).
//
// A Room's media belongs to one Shard: everything here is guarded by the Shard's lock, which never nests with another.
// Batches belong to the goroutine that brings the burst or the tick, so that no system call is made under the lock.
// The package reads no clock (but in shard_loop.go) and knows neither sockets nor keys: a Path does.
//
// No two packets to a subscriber share an SSRC and a number, for they would be sealed under one nonce, and with AES-GCM that gives the
// key away (RFC 7714 section 10):
//
//   - a connection never uses an SSRC for a second leg (package room gives them out), and nobody else writes RTP to it;
//   - a Receiver takes each incoming number once (nack.Wanted), and numbers of a row that begins anew are above all before it
//     (seq.Unwrapper); what is left of the old row behind the new one's first packet is dropped (Peer.pass);
//   - the Rewriter gives different numbers to different incoming ones, and never one from before a Switch;
//   - retransmissions have an SSRC and a count of their own. Where there is no such stream, a packet goes out again byte for byte as
//     it was or not at all: from the number, the History, the format and the extensions by which it went.
//
// nonce_test.go holds all but the first against publishers and subscribers that do what they like.
//
// Allocations: none per packet after warm-up; RTCP is parsed with pion/rtcp, some tens of times a second per peer.
package forward
