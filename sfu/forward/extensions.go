package forward

import "salon/sfu/packet"

// maxExtensionMaps bounds what extensionMaps remembers: more than there are kinds of clients.
const maxExtensionMaps = 32

// extensionMaps are what the legs of a Shard have negotiated. Most clients negotiate the same, and one map for all of them stays in the
// processor's cache, where one for each would not. The zero value is ready.
type extensionMaps struct{ known []*packet.ExtensionMap }

// share returns a map that is equal to m: one that others have, if there is one.
func (e *extensionMaps) share(m *packet.ExtensionMap) *packet.ExtensionMap {
	for _, known := range e.known {
		if *known == *m {
			return known
		}
	}
	if len(e.known) == maxExtensionMaps {
		e.known = e.known[:0] // those in use stay with their legs
	}
	e.known = append(e.known, m)
	return m
}
