// Package alloc will divide a Budget among the Subscriptions of one Participant by their wishes: budget and
// wishes in, one layer per Subscription out, as a pure function with a little hysteresis. It will never
// estimate (bwe does), nor send (pacer does). The data plane asks it where forward.DownTrack sets its target.
package alloc
