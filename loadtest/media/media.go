// Package media makes what publishers send, as payloads of RTP: which packets a frame has, how large they are, when the
// next one is due, and the Stamp in each by which a receiver measures without asking the sender.
//
// What it decides: the bytes behind the RTP header, and their times. What it never does: send, number RTP packets,
// encrypt, read a clock. A Maker is where other media plugs in (source.go); this package has the synthetic one
// (shape.go). Whoever has sizes and times from elsewhere makes the payloads with a Packetizer and a Voice. The
// goroutine that sends a track owns its sources.
package media
