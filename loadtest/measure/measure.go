// Package measure counts what one participant receives, after decryption: packets, loss, duplicates, order, frames and
// times, by the Stamps in the payloads.
//
// What it decides: what counts as lost, late, doubled or incomplete (reception.go), and in which layer a track is
// expected (layered.go). What it never does: read a clock, ask the sender, or guess: what a participant was never sent
// is nobody's loss. An Intake may be read by anybody while its one reader feeds it; the rest is its own.
package measure
