// Package beat lets the rhythms of many fall together. Each time that a process wakes up costs as much as forwarding dozens of packets,
// and a hundred rooms that look after their speakers at once wake it once.
package beat

import "time"

// Until returns how long it is from now to the next multiple of every, counted from midnight of 1 January 1970 UTC: more than 0, at most
// every. Rhythms that divide one another meet. every must be positive.
func Until(now time.Time, every time.Duration) time.Duration {
	since := time.Duration(now.UnixNano()) % every
	if since < 0 {
		since += every
	}
	return every - since
}
