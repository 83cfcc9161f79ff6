// Package pacer will spread the packets of one Subscriber over time, so that key frames, retransmissions
// and probes don't overflow the queue of a slow link: a leaky bucket that reads no clock. It will decide
// when a packet goes, never which. Its place is between forward.DownTrack and the batch: a run that fits
// the bucket passes at once, the rest waits for the shard's next tick.
package pacer
